import { assertEquals } from "@std/assert";
import { parseArguments } from "../../../src/config/argv.ts";

function options(...args: string[]): string[] {
  return parseArguments(args).options.split("\n").map((line) => line.trimEnd());
}

Deno.test("The first argument is the file unless it begins with a hyphen", () => {
  assertEquals(parseArguments([]), { file: null, readsInput: false, options: "" });
  assertEquals(parseArguments(["redis.conf"]).file, "redis.conf");
  assertEquals(parseArguments(["--port", "1"]).file, null);
});

Deno.test("Options become lines, and their values are quoted", () => {
  assertEquals(options("--port", "6380", "--save", "900", "1"), ['port "6380"', 'save "900" "1"']);
  assertEquals(options("a.conf", "--masteruser", 'é "x"'), ['masteruser "\\xc3\\xa9 \\"x\\""']);
});

Deno.test("An option has a value, even one that looks like an option", () => {
  assertEquals(options("--proc-title-template", "--x--", "--hz", "5"), [
    'proc-title-template "--x--"',
    'hz "5"',
  ]);
});

Deno.test("Name and value may stand in one argument", () => {
  assertEquals(options("--port 6380", "--hz 5", "6"), ["port 6380", 'hz 5 "6"']);
});

Deno.test("Save without a value clears", () => {
  assertEquals(options("--save", "--hz", "5"), ['save ""', 'hz "5"']);
  assertEquals(options("--hz", "5", "--Save"), ['hz "5"', 'Save ""']);
  assertEquals(options("--save", ""), ['save ""']);
  assertEquals(options("--hz", "--save"), ['hz "--save"']);
});

Deno.test("A hyphen asks for standard input where it comes first or last", () => {
  assertEquals(parseArguments(["-"]), { file: null, readsInput: true, options: "" });
  assertEquals(parseArguments(["-", "--hz", "5"]).readsInput, true);
  assertEquals(parseArguments(["a.conf", "--hz", "5", "-"]).readsInput, true);
  assertEquals(options("a.conf", "--masteruser", "-", "--hz", "5"), ['masteruser "-"', 'hz "5"']);
});
