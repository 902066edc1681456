import { assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { ReplyError } from "../../../src/resp/errors.ts";

Deno.test("A ReplyError knows its code and its bytes on the wire", () => {
  const error = new ReplyError("WRONGTYPE Operation against \xff");
  assertEquals(error.code, "WRONGTYPE");
  assertEquals(error.line, latin1("-WRONGTYPE Operation against \xff\r\n"));
  assertEquals(new ReplyError("LOADING").code, "LOADING");
});

Deno.test("A ReplyError is one line, whatever it quotes", () => {
  const error = new ReplyError("ERR a\r\nb\n\r\n");
  assertEquals(error.text, "ERR a  b");
  assertEquals(error.line, latin1("-ERR a  b\r\n"));
});

Deno.test("A ReplyError records no stack", () => {
  assertEquals("stack" in new ReplyError("ERR"), false);
});
