import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { DIRECTIVES, findDirective } from "../../../src/config/directives.ts";
import {
  createSettings,
  getValue,
  initialValue,
  type Settings,
  setValue,
} from "../../../src/config/settings.ts";

Deno.test("Settings have a typed property in camelCase for every directive", () => {
  const settings: Settings = createSettings();
  const port: number = settings.port;
  const policy: string = settings.maxmemoryPolicy;
  const password: string | null = settings.requirepass;
  assertEquals([port, policy, password], [6379, "noeviction", null]);
  assertEquals(settings.save[0], { seconds: 3600, changes: 1 });
  assertEquals(settings.bind, ["*", "-::*"]);
  assertEquals(settings.clientOutputBufferLimit.replica, {
    hard: 256 * 1024 ** 2,
    soft: 64 * 1024 ** 2,
    seconds: 60,
  });
  assertEquals(Object.keys(settings).length, DIRECTIVES.length);
});

Deno.test("Settings belong to one server", () => {
  const settings = createSettings();
  settings.maxmemory = 1;
  assertEquals(createSettings().maxmemory, 0);
  assertNotStrictEquals(createSettings().bind, settings.bind);
});

Deno.test("Settings are read and written by directive", () => {
  const settings = createSettings();
  const directive = findDirective("hash-max-ziplist-entries")!;
  setValue(settings, directive, 7);
  assertStrictEquals(settings.hashMaxListpackEntries, 7);
  assertStrictEquals(getValue(settings, directive), 7);
  assertStrictEquals(initialValue(directive), 512);
});
