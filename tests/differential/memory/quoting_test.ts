/** Quoting against the real server: inline commands are split as it splits them. */
import { assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { splitArguments } from "../../../src/memory/quoting.ts";
import { freshSeed, Random } from "../../support/random.ts";
import type { RespClient } from "../../support/resp_client.ts";
import { oracleTest, startRedis } from "../../support/servers.ts";

const SPLIT_LINES = 20_000;
const REFUSED_LINES = 200;
const UNBALANCED = "-ERR Protocol error: unbalanced quotes in request\r\n";
const ALPHABET = "aabb  \"\"''\\\\\t\v\fxn0f";

function randomLine(random: Random): string {
  let line = "echo ";
  for (let length = random.below(14); length > 0; length--) {
    line += ALPHABET[random.below(ALPHABET.length)];
  }
  return line;
}

/** The words of a line, or null. */
function split(line: string): string[] | null {
  const words = splitArguments(latin1(line), 0, line.length);
  return words && words.map((word) => latin1Text(word, 0, word.length));
}

/** What ECHO replies to these words, on the wire. */
function echo(words: string[]): string {
  const [, text] = words;
  return words.length === 2
    ? `$${text.length}\r\n${text}\r\n`
    : "-ERR wrong number of arguments for 'echo' command\r\n";
}

async function readReply(client: RespClient): Promise<string> {
  const bytes = await client.readReplyBytes() ?? new Uint8Array();
  return latin1Text(bytes, 0, bytes.length);
}

oracleTest("splitArguments splits inline commands as the real server does", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  using client = await server.connect();
  const lines: string[] = [];
  while (lines.length < SPLIT_LINES) {
    const line = randomLine(random);
    // What stands right behind "echo " may join it; and what is not split closes the connection.
    if (split(line)?.[0] === "echo") lines.push(line);
  }
  const sending = client.sendBytes(latin1(lines.map((line) => line + "\r\n").join("")));
  for (const line of lines) {
    assertEquals(echo(split(line)!), await readReply(client), JSON.stringify(line));
  }
  await sending;
});

oracleTest("splitArguments refuses the inline commands that the real server refuses", async () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  await using server = await startRedis();
  for (let count = 0; count < REFUSED_LINES;) {
    const line = randomLine(random);
    if (split(line) !== null) continue;
    count++;
    using client = await server.connect();
    await client.sendBytes(latin1(line + "\r\n"));
    assertEquals(await readReply(client), UNBALANCED, JSON.stringify(line));
  }
});
