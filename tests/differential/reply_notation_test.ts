import { assertEquals, assertThrows } from "@std/assert";
import { latin1Text } from "../support/latin1.ts";
import { decodeReply, encodeReply } from "../support/reply.ts";
import { asSentIn, parseReply, type Protocol, showReply } from "./reply_notation.ts";

function bytes(notation: string, protocol: Protocol): string {
  return latin1Text(encodeReply(asSentIn(protocol, parseReply(notation))));
}

Deno.test("One notation says what each protocol sends", () => {
  const cases: [notation: string, resp2: string, resp3: string][] = [
    ["+OK", "+OK\r\n", "+OK\r\n"],
    ["-ERR syntax error, no", "-ERR syntax error, no\r\n", "-ERR syntax error, no\r\n"],
    [":-1", ":-1\r\n", ":-1\r\n"],
    ["$two words", "$9\r\ntwo words\r\n", "$9\r\ntwo words\r\n"],
    ['"\\x00"', "$1\r\n\x00\r\n", "$1\r\n\x00\r\n"],
    ["nil", "$-1\r\n", "_\r\n"],
    ["nil[]", "*-1\r\n", "_\r\n"],
    [",1.5", "$3\r\n1.5\r\n", ",1.5\r\n"],
    ["#t", ":1\r\n", "#t\r\n"],
    ["(123", "$3\r\n123\r\n", "(123\r\n"],
    ["=txt:hi", "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n"],
    ["%[$a, :1]", "*2\r\n$1\r\na\r\n:1\r\n", "%1\r\n$1\r\na\r\n:1\r\n"],
    ["~[$a]", "*1\r\n$1\r\na\r\n", "~1\r\n$1\r\na\r\n"],
    [
      '[:1, "x, y", nil[], [,1.5], []]',
      "*5\r\n:1\r\n$4\r\nx, y\r\n*-1\r\n*1\r\n$3\r\n1.5\r\n*0\r\n",
      "*5\r\n:1\r\n$4\r\nx, y\r\n_\r\n*1\r\n,1.5\r\n*0\r\n",
    ],
    ["|[+ttl, :9, $v]", "$1\r\nv\r\n", "|1\r\n+ttl\r\n:9\r\n$1\r\nv\r\n"],
  ];
  for (const [notation, resp2, resp3] of cases) {
    assertEquals(bytes(notation, 2), resp2, notation);
    assertEquals(bytes(notation, 3), resp3, notation);
    assertEquals(bytes(showReply(decodeReply(encodeReply(parseReply(notation)))), 3), resp3);
  }
});

Deno.test("What is no reply is refused", () => {
  for (const notation of ["", "OK", "[:1", "[:1 :2]", '"a"b', "nil x"]) {
    assertThrows(() => parseReply(notation), SyntaxError, "Cannot", notation);
  }
});
