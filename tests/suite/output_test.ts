import { assertEquals } from "@std/assert";
import { parseOutput } from "./output.ts";
import { guessReasons, UNEXPLAINED } from "./reasons.ts";
import { isGood, judge } from "./verdict.ts";

const OUTPUT = `Starting test server at port 23079
[ready]: 6473
\x1b[1;37;49mTesting unit/x\x1b[0m
[\x1b[0;32;49mok\x1b[0m]: GET works (12 ms)
[\x1b[0;32;49mok\x1b[0m]: GET works (with brackets) (0 ms)
[\x1b[0;31;49merr\x1b[0m]: SET works in tests/unit/x.tcl
Expected '1' to be equal to '2' (context: type eval line 1)
[\x1b[0;31;49merr\x1b[0m]: LPUSH works in tests/unit/x.tcl
n command 'lpush', with args beginning with: 'a'
ERR unknown command 'lpush', with args beginning with: 'a'
    while executing
[\x1b[0;33;49mskip\x1b[0m]: slow one
[\x1b[0;36;49mignore\x1b[0m]: BIT pos: large memory flag not provided
[1/1 \x1b[0;33;49mdone\x1b[0m]: unit/x (2 seconds)

                   The End

*** [err]: SET works in tests/unit/x.tcl
`;

Deno.test("The harness's output is read as passed, failed and skipped tests", () => {
  assertEquals(parseOutput("unit/x", OUTPUT), {
    file: "unit/x",
    passed: ["GET works", "GET works (with brackets)"],
    failed: [
      {
        title: "SET works",
        message: "Expected '1' to be equal to '2' (context: type eval line 1)",
      },
      {
        title: "LPUSH works",
        message: "ERR unknown command 'lpush', with args beginning with: 'a'",
      },
    ],
    skipped: ["slow one", "BIT pos: large memory flag not provided"],
    crashed: null,
  });
});

Deno.test("A file that is not finished has crashed, and says why", () => {
  const begun = "[ok]: GET works (1 ms)\n";
  assertEquals(
    parseOutput("f", begun).crashed,
    "the harness ended before the file did; its end:\n[ok]: GET works (1 ms)",
  );
  const exception = `${begun}[exception]: Executing test client: no such variable\ntrace\n`;
  assertEquals(
    parseOutput("f", exception).crashed,
    "Executing test client: no such variable\ntrace",
  );
  const timeout = `${begun}[TIMEOUT]: clients state report follows.\nsock1 => (IN PROGRESS) x\n`;
  assertEquals(
    parseOutput("f", timeout).crashed,
    "clients state report follows.\nsock1 => (IN PROGRESS) x",
  );
});

Deno.test("New failures and listed tests that pass are both reported", () => {
  const result = parseOutput("unit/x", OUTPUT);
  const listed = { "lists come later": ["LPUSH works", "GET works", "never run"] };
  const verdict = judge(result, listed);
  assertEquals(verdict.unexpected.map(({ title }) => title), ["SET works"]);
  assertEquals(verdict.passing, ["GET works"]);
  assertEquals(verdict.unseen, ["never run"]);
  assertEquals(isGood(result, verdict), false);
  const exact = judge(result, { "": ["LPUSH works", "SET works", "never run"] });
  assertEquals(isGood(result, exact), true);
});

Deno.test("A reason is guessed from the command that was missing", () => {
  assertEquals(guessReasons(parseOutput("unit/x", OUTPUT).failed), {
    [UNEXPLAINED]: ["SET works"],
    "needs lists": ["LPUSH works"],
  });
});
