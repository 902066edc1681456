import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { decodeReply, encodeReply, Push, replyEnd, replyValue, type RespError } from "./reply.ts";

const everyType = [
  "+OK\r\n",
  "-ERR no\r\n",
  ":-12\r\n",
  "$5\r\na\r\nb\xff\r\n",
  "$-1\r\n",
  "$0\r\n\r\n",
  "*-1\r\n",
  "*0\r\n",
  "*3\r\n:1\r\n$1\r\nx\r\n*1\r\n+y\r\n",
  "_\r\n",
  "#t\r\n",
  ",-1.5\r\n",
  "(123456789012345678901234567890\r\n",
  "=6\r\ntxt:hi\r\n",
  "!5\r\nERR x\r\n",
  "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n",
  "~2\r\n+a\r\n+b\r\n",
  ">2\r\n+message\r\n$1\r\nm\r\n",
  "|1\r\n+ttl\r\n:9\r\n+value\r\n",
];

Deno.test("A reply of any type decodes and encodes to the same bytes", () => {
  for (const text of everyType) {
    assertEquals(latin1Text(encodeReply(decodeReply(latin1Bytes(text)))), text);
  }
});

Deno.test("A reply's end is found at its last byte and no byte earlier", () => {
  for (const text of everyType) {
    const bytes = latin1Bytes(`xx${text}+next\r\n`);
    for (let end = 2; end < text.length + 2; end++) {
      assertStrictEquals(replyEnd(bytes, 2, end), -1, JSON.stringify(text));
    }
    assertStrictEquals(replyEnd(bytes, 2, bytes.length), text.length + 2);
  }
});

Deno.test("Bytes that are no reply are refused", () => {
  assertThrows(() => replyEnd(latin1Bytes("hello\r\n"), 0, 7), SyntaxError);
  assertThrows(() => decodeReply(latin1Bytes("+OK\r\n+OK\r\n")), SyntaxError);
});

Deno.test("A reply's plain value has JavaScript's types", () => {
  const value = (text: string) => replyValue(decodeReply(latin1Bytes(text)));
  assertEquals(value("*3\r\n:1\r\n$-1\r\n#f\r\n"), [1, null, false]);
  assertEquals(value("%1\r\n+a\r\n~1\r\n,inf\r\n"), new Map([["a", new Set([Infinity])]]));
  assertEquals(value(":9223372036854775807\r\n"), 9223372036854775807n);
  assertEquals(value("$2\r\n\xc3\xa9\r\n"), "é");
  assertEquals(value("=6\r\ntxt:hi\r\n"), "hi");
  assertEquals(value(">1\r\n+x\r\n"), new Push(["x"]));
  assertEquals((value("-WRONGTYPE no\r\n") as RespError).code, "WRONGTYPE");
});

Deno.test("Latin-1 text keeps every byte", () => {
  const every = Uint8Array.from({ length: 256 }, (_, i) => i);
  assertEquals(latin1Bytes(latin1Text(every)), every);
  assertThrows(() => latin1Bytes("Ā"), RangeError);
});
