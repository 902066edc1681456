import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Log, LOG_LEVELS } from "../../../src/server/log.ts";
import { latin1Text } from "../../support/latin1.ts";
import { SimulatedPlatform } from "../../support/simulated_platform.ts";

function newLog() {
  const platform = new SimulatedPlatform();
  return { platform, log: new Log(platform) };
}

Deno.test("A line has process, role, local time, level and message", () => {
  const { platform, log } = newLog();
  platform.clock.advance(7);
  log.notice("Ready to accept connections");
  assertMatch(
    platform.process.out,
    /^12345:C 2[123] Nov 2026 \d\d:\d\d:00\.007 \* Ready to accept connections\n$/,
  );
});

Deno.test("The time is the host's own", () => {
  const { platform, log } = newLog();
  const date = new Date(2027, 2, 4, 5, 6, 7, 89);
  platform.clock.advance(date.getTime() - platform.clock.nowMs());
  log.notice("");
  assertEquals(platform.process.out, "12345:C 04 Mar 2027 05:06:07.089 * \n");
});

Deno.test("Each level has its mark, and each role its letter", () => {
  const { platform, log } = newLog();
  log.level = "debug";
  log.role = "M";
  log.debug("a");
  log.verbose("b");
  log.role = "S";
  log.notice("c");
  log.warning("d");
  const lines = platform.process.out.trimEnd().split("\n");
  assertEquals(
    lines.map((line) => `${line.split(" ")[0]} ${line.slice(-3)}`),
    ["12345:M . a", "12345:M - b", "12345:S * c", "12345:S # d"],
  );
});

Deno.test("A level drops what is less important", () => {
  for (const [index, level] of LOG_LEVELS.entries()) {
    const { platform, log } = newLog();
    log.level = level;
    assertEquals(log.level, level);
    log.debug("0");
    log.verbose("1");
    log.notice("2");
    log.warning("3");
    const messages = platform.process.out.split("\n").map((line) => line.slice(-1)).join("");
    assertEquals(messages, "0123".slice(index));
  }
});

Deno.test("Lines are appended to a file, and to another from the moment it is set", () => {
  const { platform, log } = newLog();
  log.setPath("a.log");
  log.notice("one");
  log.notice("two");
  log.setPath("b.log");
  log.notice("three");
  log.setPath("");
  log.notice("four");
  const messagesOf = (text: string) => text.match(/\S+(?=\n)/g);
  assertEquals(messagesOf(latin1Text(platform.files.readSync("a.log"))), ["one", "two"]);
  assertEquals(messagesOf(latin1Text(platform.files.readSync("b.log"))), ["three"]);
  assertEquals(messagesOf(platform.process.out), ["four"]);
});

Deno.test("A file that has been moved away is made again", () => {
  const { platform, log } = newLog();
  log.setPath("a.log");
  log.notice("one");
  platform.files.renameSync("a.log", "a.log.1");
  log.notice("two");
  assertMatch(latin1Text(platform.files.readSync("a.log")), /two\n$/);
});

Deno.test("A file that cannot be written to is not taken", () => {
  const { platform, log } = newLog();
  assertThrows(() => log.setPath("no/folder/a.log"));
  assertEquals(log.path, "");
  log.notice("one");
  assertMatch(platform.process.out, /one\n$/);
});

Deno.test("A full disk does not make the log throw", () => {
  const { platform, log } = newLog();
  log.setPath("a.log");
  platform.files.openSync = () => {
    throw new Error("No space left on device");
  };
  log.warning("lost");
});
