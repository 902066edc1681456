import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { Args, keyword } from "../../../src/resp/args.ts";
import { ReplyError } from "../../../src/resp/errors.ts";
import { BookkeepingStore } from "../../fuzz/parser_feed.ts";

function argsOf(...words: string[]): Args {
  const args = new Args();
  args.loadText(...words);
  return args;
}

/** The text of the ReplyError that the call throws. */
function refusalOf(call: () => unknown): string {
  try {
    call();
  } catch (thrown) {
    if (thrown instanceof ReplyError) return thrown.text;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

/** An argument that fills a block, as the parser leaves it. */
function setBlock(args: Args, i: number, store: BookkeepingStore, text: string): number {
  const handle = store.alloc(text.length);
  const offset = store.offset(handle);
  store.buf(handle).set(latin1(text), offset);
  args.set(i, store.buf(handle), offset, offset + text.length);
  args.own(i, handle);
  return handle;
}

Deno.test("Args compares an argument with a keyword whatever its letters' case", () => {
  const KEEPTTL = keyword("KEEPTTL");
  const args = argsOf("SET", "keepTtl", "KEEPTTLX", "KEEPTT", "");
  assertEquals([1, 2, 3, 4].map((i) => args.is(i, KEEPTTL)), [true, false, false, false]);
});

Deno.test("Args reads integers up to what its method promises", () => {
  const args = argsOf(
    "9007199254740991",
    "-12",
    "9007199254740992",
    "9223372036854775807",
    "1x",
    "",
  );
  assertEquals(args.integer(0), 9007199254740991);
  assertEquals(args.integer(1), -12);
  assertEquals(args.int64(2), 9007199254740992n);
  assertEquals(args.int64(3), 9223372036854775807n);
  const text = "ERR value is not an integer or out of range";
  for (const i of [2, 3, 4, 5]) assertEquals(refusalOf(() => args.integer(i)), text);
  for (const i of [4, 5]) assertEquals(refusalOf(() => args.int64(i)), text);
});

Deno.test("Args reads doubles, infinite ones too, but not NaN", () => {
  const args = argsOf("1.5e3", "-inf", "nan", "1.5x", "");
  assertEquals(args.double(0), 1500);
  assertEquals(args.double(1), -Infinity);
  for (const i of [2, 3, 4]) {
    assertEquals(refusalOf(() => args.double(i)), "ERR value is not a valid float");
  }
});

Deno.test("Args reads timeouts in seconds as milliseconds, rounded up", () => {
  const args = argsOf(
    "0",
    "1.2345",
    "-0.0001",
    "9e15",
    "-1",
    "x",
    "1e17",
    "-inf",
    "inf",
  );
  assertEquals([0, 1, 2].map((i) => args.timeoutSeconds(i)), [0, 1235, 0]);
  assertEquals(args.timeoutSeconds(3), 9e18);
  assertEquals(refusalOf(() => args.timeoutSeconds(4)), "ERR timeout is negative");
  assertEquals(
    refusalOf(() => args.timeoutSeconds(5)),
    "ERR timeout is not a float or out of range",
  );
  assertEquals(refusalOf(() => args.timeoutSeconds(6)), "ERR timeout is out of range");
  assertEquals(refusalOf(() => args.timeoutSeconds(7)), "ERR timeout is negative");
  assertEquals(refusalOf(() => args.timeoutSeconds(8)), "ERR timeout is out of range");
});

Deno.test("Args reads timeouts in milliseconds", () => {
  const args = argsOf("0", "1500", "-1", "1.5", "9223372036854775808");
  assertEquals([0, 1].map((i) => args.timeoutMilliseconds(i)), [0, 1500]);
  assertEquals(refusalOf(() => args.timeoutMilliseconds(2)), "ERR timeout is negative");
  for (const i of [3, 4]) {
    assertEquals(
      refusalOf(() => args.timeoutMilliseconds(i)),
      "ERR timeout is not an integer or out of range",
    );
  }
});

Deno.test("Args gives texts as UTF-8, or byte by byte", () => {
  const args = new Args();
  args.load([new Uint8Array([0xc3, 0xa9, 0xff])]);
  assertEquals(args.text(0), "é\ufffd");
  assertEquals(args.latin1(0), "\xc3\xa9\xff");
});

Deno.test("Args grows by what is set", () => {
  const args = new Args();
  const buf = latin1("abc");
  for (let i = 0; i < 5000; i++) args.set(i, buf, i % 3, i % 3 + 1);
  assertEquals(args.count, 5000);
  assertEquals(args.text(4999), "b");
  args.set(10, buf, 0, 3);
  assertEquals(args.count, 5000);
  assertEquals(args.text(10), "abc");
});

Deno.test("Args shrinks again after a giant, and lets go of its memory", () => {
  const args = new Args();
  const store = new BookkeepingStore();
  const buf = latin1("abc");
  for (let i = 0; i < 500; i++) args.set(i, buf, 0, 1);
  args.load([buf]);
  args.release(store);
  assertEquals(args.count, 0);
  assert(args.bufs.indexOf(buf, 32) === -1);
  for (let i = 0; i < 5000; i++) args.set(i, buf, 0, 1);
  args.release(store);
  assertEquals(args.starts.length, 1024);
  assertEquals(args.bufs.length, 1024);
  assert(args.bufs.indexOf(buf) === -1);
});

Deno.test("Args frees the blocks that nobody adopts", () => {
  const args = argsOf("SET", "a");
  const store = new BookkeepingStore();
  const adopted = setBlock(args, 2, store, "value");
  setBlock(args, 3, store, "other");
  assertEquals(args.adopt(0), 0);
  assertEquals(args.adopt(2), adopted);
  assertEquals(args.adopt(2), 0);
  args.release(store);
  assertEquals(store.liveBlocks, 1);
  assertEquals(store.buf(adopted).length > 0, true);
});

Deno.test("A detached Args outlives the receive buffer and takes the blocks along", () => {
  const buf = latin1("SETkey");
  const args = new Args();
  const store = new BookkeepingStore();
  args.set(0, buf, 0, 3);
  args.set(1, buf, 3, 6);
  const handle = setBlock(args, 2, store, "value");
  const detached = args.detach();
  args.release(store);
  buf.fill(0);
  assertEquals(store.liveBlocks, 1);
  assertEquals(detached.count, 3);
  assertEquals([0, 1, 2].map((i) => detached.text(i)), ["SET", "key", "value"]);
  assertEquals(detached.handles[2], handle);
  assertEquals(detached.memoryBytes, 3 * 20 + 6);
  detached.release(store);
  assertEquals(store.liveBlocks, 0);
});

Deno.test("Args copies an argument's bytes", () => {
  const buf = latin1("xabcx");
  const args = new Args();
  args.set(0, buf, 1, 4);
  const copy = args.copy(0);
  buf.fill(0);
  assertEquals(copy, latin1("abc"));
  assertEquals(args.length(0), 3);
});
