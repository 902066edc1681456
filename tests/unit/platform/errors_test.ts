import { assertEquals } from "@std/assert";
import { attempt, errorCode, errorText } from "../../../src/platform/errors.ts";

function failure(path: string): unknown {
  try {
    Deno.openSync(path);
  } catch (error) {
    return error;
  }
  throw new Error(`${path} exists`);
}

Deno.test("An error of the system has its name as code, and the C library's words as text", () => {
  const error = failure("no-such-file");
  assertEquals(errorCode(error), "ENOENT");
  assertEquals(errorText(error), "No such file or directory");
});

Deno.test("An error that is not the system's has no code, and its message as text", () => {
  assertEquals(errorCode(new Error("broken")), "");
  assertEquals(errorText(new Error("broken")), "broken");
  assertEquals(errorCode(null), "");
  assertEquals(errorText("thrown"), "thrown");
});

Deno.test("An attempt gives what the function gives, or the fallback when it throws", () => {
  assertEquals(attempt(() => 1, 2), 1);
  assertEquals(
    attempt(() => {
      throw new Error("broken");
    }, 2),
    2,
  );
});
