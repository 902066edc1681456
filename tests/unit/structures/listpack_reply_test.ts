import { assertEquals } from "@std/assert";
import { Slabs } from "../../../src/memory/slab.ts";
import { OutputPool } from "../../../src/resp/output_pool.ts";
import { ReplyWriter } from "../../../src/resp/writer.ts";
import { appendElement, createListpack, elementAt } from "../../../src/structures/listpack.ts";
import { replyListpack } from "../../../src/structures/listpack_reply.ts";
import { latin1Bytes, latin1Text } from "../../support/latin1.ts";

/** Everything that waits in a reply, taken out. */
function taken(reply: ReplyWriter): string {
  let text = "";
  while (reply.pendingBytes > 0) {
    const bytes = reply.take();
    text += latin1Text(bytes);
    reply.sent(bytes.length);
  }
  return text;
}

Deno.test("Elements of every encoding are replied as bulk strings, from anywhere, as many as there are", () => {
  const slabs = new Slabs();
  const texts = [
    "",
    "a",
    "12345678-",
    "1234567890",
    "x".repeat(63),
    "y".repeat(64),
    "z".repeat(5000),
  ]
    .concat(["0", "-1", "4096", "-70000", "9223372036854775807"])
    .flatMap((text) => [text, `${text}!`]);
  let lp = createListpack(slabs);
  for (const text of texts) {
    const bytes = latin1Bytes(text);
    lp = appendElement(slabs, lp, bytes, 0, bytes.length);
  }
  for (let from = 0; from < texts.length; from++) {
    for (let count = 1; count <= texts.length + 1; count++) {
      const reply = new ReplyWriter(new OutputPool());
      const shown = texts.slice(from, from + count);
      assertEquals(
        replyListpack(reply, slabs, lp, elementAt(slabs, lp, from), count),
        shown.length,
      );
      assertEquals(taken(reply), shown.map((text) => `$${text.length}\r\n${text}\r\n`).join(""));
    }
  }
});

Deno.test("A reply of many short elements spans chunks", () => {
  const slabs = new Slabs();
  const reply = new ReplyWriter(new OutputPool());
  let lp = createListpack(slabs);
  const text = latin1Bytes("element");
  for (let i = 0; i < 50_000; i++) lp = appendElement(slabs, lp, text, 0, text.length);
  assertEquals(replyListpack(reply, slabs, lp, elementAt(slabs, lp, 0), 50_000), 50_000);
  assertEquals(taken(reply), "$7\r\nelement\r\n".repeat(50_000));
});
