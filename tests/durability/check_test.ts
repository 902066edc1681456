/** `keyrex check` judges damaged append-only files as redis-check-aof does, and repairs them as well. */
import { assert, assertEquals } from "@std/assert";
import { runCheck } from "../../src/cli/check.ts";
import { drawCommand } from "../differential/random/generator.ts";
import { latin1Bytes, latin1Text } from "../support/latin1.ts";
import { freshSeed, Random } from "../support/random.ts";
import { findProgram, program, testWith } from "../support/requirements.ts";
import { SimulatedExit, SimulatedPlatform } from "../support/simulated_platform.ts";
import { startRedis } from "../support/servers.ts";

const FILES = 80;
/** Of the repaired files so many are given to redis-server. */
const LOADED_FILES = 5;
/** Without arguments, at the end of a file: redis-check-aof leaves it, and redis-server does not load it. */
const EMPTY_COMMAND = /(?<=^|\n)\*[-+ 0]*\r\n$/;
/** A number that the C library reads, though no server writes it so: redis-check-aof lets it pass. */
const ODD_NUMBER = /(?<=^|\n)[*$][ \t\v\f+-]/;
const PATH = "/appendonly.aof";

/** An append-only file of some commands, in transactions or not. */
function randomFile(random: Random): Uint8Array {
  let text = "";
  const add = (...args: readonly string[]) => {
    text += `*${args.length}\r\n${args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("")}`;
  };
  add("SELECT", "0");
  for (let i = random.between(1, 20); i > 0; i--) {
    const isTransaction = random.oneIn(4);
    if (isTransaction) add("MULTI");
    for (let n = isTransaction ? random.between(1, 4) : 1; n > 0; n--) {
      add("SET", `key:${random.below(10)}`, ...drawCommand(random).args.slice(-1));
    }
    if (isTransaction) add("EXEC");
  }
  return latin1Bytes(text);
}

/** Bits flipped, bytes taken away or put in, the end cut off. */
function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.between(1, bytes.length - 1);
  switch (random.below(4)) {
    case 0: {
      const flipped = bytes.slice();
      flipped[at] ^= 1 << random.below(8);
      return flipped;
    }
    case 1:
      return bytes.slice(0, at);
    case 2:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
    default:
      return Uint8Array.from([...bytes.subarray(0, at), random.below(256), ...bytes.subarray(at)]);
  }
}

interface Verdict {
  readonly isSound: boolean;
  readonly content: Uint8Array;
}

/** What `keyrex check` says of a file, and makes of it. */
function checkHere(bytes: Uint8Array, ...options: string[]): Verdict {
  const platform = new SimulatedPlatform();
  platform.files.openSync(PATH, { write: true, create: true }).writeSync(bytes);
  try {
    runCheck(platform, [PATH, ...options]);
  } catch (error) {
    if (!(error instanceof SimulatedExit)) throw error;
    return { isSound: error.exitCode === 0, content: platform.files.readSync(PATH) };
  }
}

/** What redis-check-aof says of it, and makes of it. */
async function checkThere(path: string, bytes: Uint8Array, ...options: string[]): Promise<Verdict> {
  await Deno.writeFile(path, bytes);
  const child = new Deno.Command(findProgram("redis-check-aof")!, {
    args: [...options, path],
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(latin1Bytes("y\n")).catch(() => {}); // it may have ended without reading
  await writer.close().catch(() => {});
  const { code } = await child.status;
  return { isSound: code === 0, content: await Deno.readFile(path) };
}

testWith(
  program("redis-check-aof"),
  "Damaged files are judged and repaired as by redis-check-aof",
  async () => {
    const random = new Random(freshSeed());
    console.log(`seed ${random.seed}`);
    const directory = await Deno.makeTempDir({ prefix: "keyrex-check-" });
    const repaired: Uint8Array[] = [];
    let sound = 0;
    try {
      for (let i = 0; i < FILES; i++) {
        const whole = randomFile(random);
        const bytes = i === 0 ? whole : damaged(whole, random);
        if (ODD_NUMBER.test(latin1Text(bytes))) continue;
        const path = `${directory}/${i}.aof`;
        const there = await checkThere(path, bytes);
        const here = checkHere(bytes);
        assertEquals(here.isSound, there.isSound, JSON.stringify(latin1Text(bytes)));
        assertEquals(here.content, bytes);
        if (here.isSound) {
          sound++;
          continue;
        }
        const fixedHere = checkHere(bytes, "--fix", "--yes");
        const fixedThere = await checkThere(path, bytes, "--fix");
        assert(fixedHere.isSound);
        const left = latin1Text(fixedThere.content).replace(EMPTY_COMMAND, "");
        assertEquals(JSON.stringify(latin1Text(fixedHere.content)), JSON.stringify(left));
        // Other damage than a cut may have made a command that no server knows.
        if (bytes.every((byte, at) => byte === whole[at])) repaired.push(fixedHere.content);
      }
      assert(sound > 0 && repaired.length > LOADED_FILES);
      for (const content of repaired.slice(0, LOADED_FILES)) await loadThere(content);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
);

/** Has redis-server load a file; it ends where it cannot. */
async function loadThere(content: Uint8Array): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "keyrex-check-" });
  try {
    await Deno.writeFile(`${directory}/appendonly.aof`, content);
    await using redis = await startRedis({
      directives: { appendonly: "yes", "aof-load-truncated": "no", dir: directory },
    });
    using client = await redis.connect();
    assertEquals(await client.command("PING"), "PONG");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
