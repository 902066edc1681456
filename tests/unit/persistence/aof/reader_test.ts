import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { AofReader, AofRecord } from "../../../../src/persistence/aof/reader.ts";
import { latin1Bytes } from "../../../support/latin1.ts";
import { freshSeed, Random } from "../../../support/random.ts";

/** A reader of a text that comes in portions of at most `portion` bytes. */
function readerOf(text: string, portion = Infinity): AofReader {
  const bytes = latin1Bytes(text);
  let at = 0;
  const read = (target: Uint8Array) => {
    const part = bytes.subarray(at, at + Math.min(portion, target.length));
    target.set(part);
    at += part.length;
    return part.length;
  };
  return new AofReader({ read }, 0, bytes.length);
}

function command(...args: string[]): string {
  return `*${args.length}\r\n` + args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("");
}

function wordsOf({ args }: AofReader): string[] {
  return Array.from({ length: args.count }, (_, i) => args.latin1(i));
}

Deno.test("A log is read command by command, in whatever portions it comes", () => {
  const random = new Random(freshSeed());
  console.log(`seed ${random.seed}`);
  const commands = Array.from(
    { length: 50 },
    () =>
      Array.from(
        { length: random.between(1, 8) },
        () => "x\r\n".repeat(random.pick([0, 1, 20, 100_000])),
      ),
  );
  const text = commands.map((words) => command(...words)).join("");
  for (const portion of [7919, Infinity]) {
    const reader = readerOf(text, portion);
    for (const words of commands) {
      assertEquals(reader.next(), AofRecord.COMMAND);
      assert(wordsOf(reader).every((word, i) => word === words[i]));
      assertEquals(reader.args.count, words.length);
    }
    assertEquals(reader.next(), AofRecord.END);
    assertEquals(reader.offset, text.length);
  }
});

Deno.test("A log that is torn anywhere within its last command says up to where it is whole", () => {
  const whole = command("set", "k", "v");
  const last = command("set", "key", "\r\n*1\r\n");
  for (let length = 1; length < last.length; length++) {
    const reader = readerOf(whole + last.slice(0, length));
    assertEquals(reader.next(), AofRecord.COMMAND);
    assertEquals(reader.next(), AofRecord.TORN, `${length} bytes`);
    assertEquals(reader.offset, whole.length);
  }
});

Deno.test("Comments of a log are passed over, but for the time", () => {
  const reader = readerOf(`#TS:1700000000\r\n${command("ping")}# other\r\n${command("echo", "")}`);
  assertEquals(reader.next(), AofRecord.COMMAND);
  assertEquals(reader.writtenAt, 1_700_000_000);
  assertEquals(reader.next(), AofRecord.COMMAND);
  assertEquals(wordsOf(reader), ["echo", ""]);
  assertEquals(reader.next(), AofRecord.END);
});

for (
  const [text, problem] of [
    ["set k v\r\n", "a command begins with *, not with byte 115"],
    ["*x\r\n", "a length is no number"],
    ["*0\r\n", "a command has no arguments"],
    ["*-1\r\n", "a length is no number"],
    ["*1\n$4\r\nping\r\n", "a length is no number"],
    ["*1\r\n*4\r\nping\r\n", "byte 42 stands where $ must be"],
    ["*1\r\n$5\r\nping\r\n*1\r\n", "argument 0 does not end where its length says"],
    ["*1\r\n$11111111111\r\nping\r\n", "a length has too many digits"],
    ["#" + "-".repeat(2000), "a comment is too long"],
  ] as const
) {
  Deno.test(`What is no command in a log is told: ${problem} (${text.slice(0, 8).trim()})`, () => {
    const before = command("ping");
    const reader = readerOf(before + text);
    assertEquals(reader.next(), AofRecord.COMMAND);
    assertEquals(reader.next(), AofRecord.DAMAGED);
    assertStringIncludes(reader.problem, problem);
    assertEquals(reader.offset, before.length);
  });
}
