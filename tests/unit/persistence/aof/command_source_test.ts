import { assertEquals } from "@std/assert";
import { CommandSource } from "../../../../src/persistence/aof/command_source.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { SimulatedPlatform } from "../../../support/simulated_platform.ts";

function sourceOver(text: string, offset: number): CommandSource {
  const { files } = new SimulatedPlatform();
  files.openSync("/a", { write: true, create: true }).writeSync(latin1Bytes(text));
  return new CommandSource(files.openSync("/a", { read: true }), offset);
}

function allOf(source: CommandSource): string {
  const target = new Uint8Array(7);
  let text = "";
  for (let n = source.read(target); n > 0; n = source.read(target)) {
    text += latin1Text(target.slice(0, n));
  }
  return text;
}

Deno.test("Commands are read from where they begin up to the end of the file", () => {
  const source = sourceOver("dump*1\r\n$4\r\nPING\r\n", 4);
  assertEquals([source.end, source.zeros], [18, 0]);
  assertEquals(allOf(source), "*1\r\n$4\r\nPING\r\n");
});

Deno.test("Zeros at the end of a file are none of its commands, however many they are", () => {
  for (const zeros of [1, 7, 65_536, 200_000]) {
    const source = sourceOver("*1\r\n\0$4" + "\0".repeat(zeros), 0);
    assertEquals([source.end, source.zeros], [7, zeros]);
    assertEquals(allOf(source), "*1\r\n\0$4");
  }
});

Deno.test("Zeros that end a dump belong to the dump", () => {
  const source = sourceOver("dump\0\0", 6);
  assertEquals([source.end, source.zeros], [6, 0]);
  const more = sourceOver("dump\0\0\0\0\0", 6);
  assertEquals([more.end, more.zeros], [6, 3]);
  assertEquals(allOf(more), "");
});
