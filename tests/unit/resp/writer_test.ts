import { assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { ReplyError } from "../../../src/resp/errors.ts";
import { OutputPool } from "../../../src/resp/output_pool.ts";
import { ReplyWriter } from "../../../src/resp/writer.ts";

/** What a call writes. */
function written(proto: 2 | 3, write: (reply: ReplyWriter) => void): string {
  const reply = new ReplyWriter(new OutputPool());
  reply.proto = proto;
  write(reply);
  let text = "";
  while (reply.pendingBytes > 0) {
    const bytes = reply.take();
    text += latin1Text(bytes, 0, bytes.length);
    reply.sent(bytes.length);
  }
  return text;
}

/** Asserts what a call writes under each protocol. */
function assertWrites(write: (reply: ReplyWriter) => void, resp2: string, resp3 = resp2): void {
  assertEquals([written(2, write), written(3, write)], [resp2, resp3]);
}

Deno.test("Simple strings, errors, integers and bulks are the same in both protocols", () => {
  assertWrites((reply) => reply.ok(), "+OK\r\n");
  assertWrites((reply) => reply.queued(), "+QUEUED\r\n");
  assertWrites((reply) => reply.simple("PONG"), "+PONG\r\n");
  assertWrites((reply) => reply.raw(latin1(":1\r\n:2\r\n")), ":1\r\n:2\r\n");
  assertWrites((reply) => reply.error("ERR no"), "-ERR no\r\n");
  assertWrites((reply) => reply.replyError(new ReplyError("OOM no")), "-OOM no\r\n");
  assertWrites((reply) => reply.integer(0), ":0\r\n");
  assertWrites((reply) => reply.integer(-9007199254740991), ":-9007199254740991\r\n");
  assertWrites((reply) => reply.int64(-(2n ** 63n)), ":-9223372036854775808\r\n");
  assertWrites((reply) => reply.bulk(latin1("xabcx"), 1, 4), "$3\r\nabc\r\n");
  assertWrites((reply) => reply.bulkBytes(latin1("")), "$0\r\n\r\n");
  assertWrites((reply) => reply.bulkInteger(-1234567890123), "$14\r\n-1234567890123\r\n");
  assertWrites((reply) => reply.bulkInt64(2n ** 64n - 1n), "$20\r\n18446744073709551615\r\n");
  assertWrites((reply) => reply.array(3), "*3\r\n");
  assertWrites((reply) => reply.emptyArray(), "*0\r\n");
});

Deno.test("Nulls, maps, sets, pushes, doubles, booleans and texts depend on the protocol", () => {
  assertWrites((reply) => reply.nullBulk(), "$-1\r\n", "_\r\n");
  assertWrites((reply) => reply.nullArray(), "*-1\r\n", "_\r\n");
  assertWrites((reply) => reply.map(12), "*24\r\n", "%12\r\n");
  assertWrites((reply) => reply.set(2), "*2\r\n", "~2\r\n");
  assertWrites((reply) => reply.push(3), "*3\r\n", ">3\r\n");
  assertWrites((reply) => reply.boolean(true), ":1\r\n", "#t\r\n");
  assertWrites((reply) => reply.boolean(false), ":0\r\n", "#f\r\n");
  assertWrites((reply) => reply.bigNumber("-123"), "$4\r\n-123\r\n", "(-123\r\n");
  assertWrites(
    (reply) => reply.verbatim("txt", "é"),
    "$2\r\n\xc3\xa9\r\n",
    "=6\r\ntxt:\xc3\xa9\r\n",
  );
  assertEquals(written(3, (reply) => reply.attribute(1)), "|1\r\n");
});

Deno.test("Doubles have as few digits as read back as the same, as in Redis since 7.2", () => {
  assertWrites((reply) => reply.double(3), "$1\r\n3\r\n", ",3\r\n");
  assertWrites(
    (reply) => reply.double(0.1),
    "$3\r\n0.1\r\n",
    ",0.1\r\n",
  );
  assertWrites(
    (reply) => reply.double(-1e300),
    "$7\r\n-1e+300\r\n",
    ",-1e+300\r\n",
  );
  assertWrites((reply) => reply.double(Infinity), "$3\r\ninf\r\n", ",inf\r\n");
  assertWrites((reply) => reply.double(-Infinity), "$4\r\n-inf\r\n", ",-inf\r\n");
  assertWrites((reply) => reply.doubleText("13.5"), "$4\r\n13.5\r\n", ",13.5\r\n");
});

Deno.test("Bulk strings of any length arrive whole", () => {
  for (const length of [0, 31, 32, 33, 511, 512, 513, 16_380, 16_384, 100_000, 3_000_000]) {
    const value = latin1("0123456789abcdef".repeat(Math.ceil(length / 16)).slice(0, length));
    const expected = `$${length}\r\n${latin1Text(value, 0, length)}\r\n`;
    assertEquals(written(2, (reply) => reply.bulkBytes(value)), expected);
  }
});

Deno.test("Short replies are whole at every boundary of chunks", () => {
  for (let filled = 16_340; filled <= 16_384; filled++) {
    const text = written(3, (reply) => {
      reply.raw(new Uint8Array(filled).fill(0x78));
      reply.ok();
      reply.array(123456);
      reply.bulkText("hello");
      reply.simple("hello");
      reply.bulkInteger(1234567);
    });
    assertEquals(
      text.slice(filled),
      "+OK\r\n*123456\r\n$5\r\nhello\r\n+hello\r\n$7\r\n1234567\r\n",
    );
  }
});

Deno.test("Bulk texts are UTF-8 whatever their length", () => {
  for (const text of ["", "plain", "é", "€ and \u{1f600}", "x".repeat(64), "é".repeat(65)]) {
    const utf8 = new TextEncoder().encode(text);
    const expected = `$${utf8.length}\r\n${latin1Text(utf8, 0, utf8.length)}\r\n`;
    assertEquals(written(2, (reply) => reply.bulkText(text)), expected);
  }
});

Deno.test("Errors stay one line and keep the bytes they quote", () => {
  assertWrites((reply) => reply.error("ERR 'a\r\nb\xff'\r\n"), "-ERR 'a  b\xff'\r\n");
});

Deno.test("Lengths found last have the header of their type", () => {
  assertWrites(
    (reply) => {
      const outer = reply.deferLength();
      const inner = reply.deferLength();
      reply.integer(1);
      reply.integer(2);
      reply.setMapLength(inner, 1);
      const set = reply.deferLength();
      reply.setSetLength(set, 0);
      reply.setArrayLength(outer, 2);
    },
    "*2\r\n*2\r\n:1\r\n:2\r\n*0\r\n",
    "*2\r\n%1\r\n:1\r\n:2\r\n~0\r\n",
  );
});

Deno.test("Help has Redis's first line and last two", () => {
  assertWrites(
    (reply) => reply.help("OBJECT", ["FREQ <key>", "    Tells it."]),
    "*5\r\n+OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n" +
      "+FREQ <key>\r\n+    Tells it.\r\n+HELP\r\n+    Prints this help.\r\n",
  );
});
