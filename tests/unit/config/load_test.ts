import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError, StartError } from "../../../src/config/errors.ts";
import { ConfigLoader, type Declarations } from "../../../src/config/load.ts";
import { createSettings } from "../../../src/config/settings.ts";
import { SystemFiles } from "../../../src/platform/files.ts";
import { withFolder } from "./folder.ts";

/** Loads `redis.conf` of a folder with these files, or only the options when there is none. */
function load(
  contents: Readonly<Record<string, string>>,
  options = "",
  input: string | null = null,
) {
  return withFolder(contents, (dir) => {
    const settings = createSettings();
    settings.dir = dir;
    const declarations: Declarations = { users: [], renamings: [] };
    const isCommand = (name: string) => name === "get" || name === "set";
    new ConfigLoader(new SystemFiles(), settings, isCommand, declarations).load({
      file: "redis.conf" in contents ? "redis.conf" : null,
      input: input === null ? null : new TextEncoder().encode(input),
      options,
    });
    return { settings, declarations, dir };
  });
}

function refusal(contents: Readonly<Record<string, string>>, options = ""): ConfigError {
  return assertThrows(() => load(contents, options), ConfigError);
}

Deno.test("A later line wins: file, standard input, command line", () => {
  const file = { "redis.conf": "hz 1\ntimeout 1\nmaxmemory 1" };
  const { settings } = load(file, 'maxmemory "3"', "timeout 2\nmaxmemory 2");
  assertEquals([settings.hz, settings.timeout, settings.maxmemory], [1, 2, 3]);
});

Deno.test("Lines of save add up across includes, and the first replaces the default", () => {
  const { settings } = load({
    "redis.conf": "save 1 1\ninclude more.conf\nsave 3 3\n",
    "more.conf": "save 2 2",
  }, "save 4 4");
  assertEquals(settings.save.map(({ seconds }) => seconds), [1, 2, 3, 4]);
});

Deno.test("A line of save that is empty clears what came before", () => {
  assertEquals(load({}, 'save ""').settings.save, []);
  assertEquals(load({}, 'save 1 1\nsave ""\nsave 2 2').settings.save.length, 1);
});

Deno.test("Files that one include joins need no newline at their ends", () => {
  const { settings } = load({
    "redis.conf": "include conf.d/*.conf\nhz 9",
    "conf.d/a.conf": "timeout 1",
    "conf.d/b.conf": "maxmemory 2",
  });
  assertEquals([settings.timeout, settings.maxmemory, settings.hz], [1, 2, 9]);
});

Deno.test("Relative paths start at dir, which may be relative itself", () => {
  const { settings, dir } = load({
    "redis.conf": "dir sub\ninclude x.conf\ndir .\n",
    "sub/x.conf": "timeout 7\ndir ../sub/.",
  });
  assertEquals(settings.timeout, 7);
  assertEquals(settings.dir, `${dir}/sub`);
});

Deno.test("Users are kept for the access control, with the place of their lines", () => {
  const { users } = load({ "redis.conf": "hz 5\nuser alice on >secret ~*\n" }).declarations;
  assertEquals(users.map(({ words }) => words), [["alice", "on", ">secret", "~*"]]);
  assertEquals(users[0].place, {
    file: "redis.conf",
    line: 2,
    text: "user alice on >secret ~*",
  });
});

Deno.test("A command that has been renamed has its new name only", () => {
  const text = 'rename-command GET ""\nrename-command set get\nrename-command get SET\n';
  assertEquals(load({ "redis.conf": text }).declarations.renamings, [
    { from: "get", to: "" },
    { from: "set", to: "get" },
    { from: "get", to: "set" },
  ]);
  assertEquals(
    refusal({ "redis.conf": 'rename-command GET ""\nrename-command get x' }).reason,
    "No such command in rename-command",
  );
  assertEquals(
    refusal({ "redis.conf": "rename-command GET Set" }).reason,
    "Target command name already exists",
  );
});

Deno.test("An error tells the file and the line at fault", () => {
  const { reason, place } = refusal({
    "redis.conf": "include more.conf\n",
    "more.conf": "\n\n  maxmemory  lots \n",
  });
  assertEquals(reason, "argument must be a memory value");
  assertEquals(place, { file: "more.conf", line: 3, text: "maxmemory  lots" });
});

Deno.test("An unknown directive, and a known one with more than its value, are errors", () => {
  assertEquals(refusal({}, "foo bar").reason, "Bad directive or wrong number of arguments");
  assertEquals(refusal({}, "include a b").reason, "Bad directive or wrong number of arguments");
  assertEquals(refusal({}, "port 1 2").reason, "wrong number of arguments");
  assertEquals(refusal({}, "foo bar").place?.line, 2); // as in Redis, an empty file comes first
});

Deno.test("A file that includes itself is an error", () => {
  assertEquals(
    refusal({ "redis.conf": "include redis.conf" }).reason,
    "Too many nested include directives",
  );
});

Deno.test("A file that cannot be read stops the start", () => {
  assertThrows(
    () => load({ "redis.conf": "include nosuch.conf\n" }),
    StartError,
    "Fatal error, can't open config file 'nosuch.conf': No such file or directory",
  );
});

Deno.test("Modules stop the start once the rest of the configuration has been found sound", () => {
  assertThrows(
    () => load({}, "loadmodule /x.so\nhz 5"),
    StartError,
    "Can't load module from /x.so: server aborting",
  );
  assertThrows(() => load({}, "search.timeout 5"), StartError, "without loadmodule directive");
  assertEquals(refusal({}, "loadmodule /x.so\nfoo").place?.line, 3);
});
