import { assert, assertEquals } from "@std/assert";
import { latin1 } from "../../../src/memory/bytes.ts";
import { Args } from "../../../src/resp/args.ts";
import { BIG_BULK_BYTES } from "../../../src/resp/limits.ts";
import { FAILED, NEEDS_MORE, READY, RequestParser } from "../../../src/resp/parser.ts";
import { runParserCase } from "../../fuzz/parser_case.ts";
import { BookkeepingStore, feedText } from "../../fuzz/parser_feed.ts";
import type { Outcome, ReferenceLimits } from "../../fuzz/reference_parser.ts";
import { freshSeed, Random } from "../../support/random.ts";

const TRUSTED: ReferenceLimits = { authenticated: true, protoMaxBulkLen: 512 * 1024 * 1024 };
const UNAUTHENTICATED: ReferenceLimits = { ...TRUSTED, authenticated: false };

/** What becomes of a stream, whether it arrives at once or in small pieces, mostly of one byte. */
function outcomeOf(stream: string, limits: ReferenceLimits = TRUSTED): Outcome {
  const atOnce = feedText(stream, limits, undefined, new Random(1));
  const pieceBytes = Math.ceil(stream.length / 500);
  assertEquals(feedText(stream, limits, () => pieceBytes, new Random(2)), atOnce);
  return atOnce;
}

function requestsOf(stream: string, limits: ReferenceLimits = TRUSTED): string[][] {
  const { requests, error } = outcomeOf(stream, limits);
  assertEquals(error, null);
  return requests;
}

function encode(...words: string[]): string {
  return `*${words.length}\r\n` + words.map((word) => `$${word.length}\r\n${word}\r\n`).join("");
}

function newParser(store = new BookkeepingStore()): RequestParser {
  const parser = new RequestParser(TRUSTED, store);
  parser.authenticated = true;
  return parser;
}

Deno.test("The parser reads arrays of bulk strings, one after the other", () => {
  const stream = encode("SET", "key", "\r\n\0\xff") + encode("GET", "") + encode("PING");
  assertEquals(requestsOf(stream), [["SET", "key", "\r\n\0\xff"], ["GET", ""], ["PING"]]);
});

Deno.test("The parser reads lengths of any number of digits", () => {
  for (const length of [0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10_000, 16_384, 32_767]) {
    const value = "v".repeat(length);
    assertEquals(requestsOf(encode("ECHO", value)), [["ECHO", value]]);
  }
});

Deno.test("The parser reads inline requests with their quotes resolved", () => {
  assertEquals(
    requestsOf('SET  a\t"b \\x41\\n"\r\n ping\n\x0bx a\x0bb c\rd\r\r\n\'it\\\'s\' a"b c"\n'),
    [["SET", "a", "b A\n"], ["ping"], ["x", "a\x0bb", "c", "d"], ["it's", "ab c"]],
  );
});

Deno.test("The parser skips requests without arguments", () => {
  for (
    const empty of ["*0\r\n", "*-1\r\n", "*-9223372036854775808\r\n", "\r\n", "\n", " \t \r\n"]
  ) {
    assertEquals(requestsOf(empty + encode("PING") + empty + empty), [["PING"]], empty);
  }
});

Deno.test("The parser takes any byte behind a CR and any two behind an argument", () => {
  assertEquals(requestsOf("*2\rx$1\ryaXY$0\rzPQ*1\r\n$1\r\nb\r\n"), [["a", ""], ["b"]]);
});

Deno.test("The parser refuses what is no request with Redis's words", () => {
  const invalidCount = "invalid multibulk length";
  const invalidLength = "invalid bulk length";
  const refusals: [stream: string, text: string][] = [
    ["*\r\n", invalidCount],
    ["*x\r\n", invalidCount],
    ["*01\r\n", invalidCount],
    ["*+1\r\n", invalidCount],
    ["*-0\r\n", invalidCount],
    ["* 1\r\n", invalidCount],
    ["*2147483648\r\n", invalidCount],
    ["*9007199254740993\r\n", invalidCount],
    ["*-9223372036854775809\r\n", invalidCount],
    ["*1\r\n$\r\n", invalidLength],
    ["*1\r\n$-1\r\n", invalidLength],
    ["*1\r\n$04\r\n", invalidLength],
    ["*1\r\n$1x\r\n", invalidLength],
    ["*1\r\n$536870913\r\n", invalidLength],
    ["*1\r\n$9223372036854775808\r\n", invalidLength],
    ["*1\r\nPING\r\n", "expected '$', got 'P'"],
    ["*1\r\n:1\r\n", "expected '$', got ':'"],
    ["*1\r\n\xff\r\n", "expected '$', got '\xff'"],
    ["*1\r\n\r\n", "expected '$', got ' '"],
    ["*1\r\n\n\r\n", "expected '$', got ' '"],
    ["*2\r\n$4\r\nPING\r\n*1\r\n", "expected '$', got '*'"],
    ['PING "a\r\n', "unbalanced quotes in request"],
    ["PING 'a'b\r\n", "unbalanced quotes in request"],
    ["*" + "1".repeat(65_536), "too big mbulk count string"],
    ["*1\r\n" + "$".repeat(65_537), "too big bulk count string"],
    ["x".repeat(65_537), "too big inline request"],
    ["\0\n" + "x".repeat(65_535), "too big inline request"],
  ];
  for (const [stream, text] of refusals) {
    const expected = { requests: [["a"]], error: `ERR Protocol error: ${text}` };
    assertEquals(outcomeOf(encode("a") + stream), expected, JSON.stringify(stream.slice(0, 40)));
  }
});

Deno.test("The parser waits for the end of a line before it refuses it", () => {
  for (const stream of ["*x", "*x\r", "*1\r\nPING", "*1\r\n$-1\r", 'PING "a', "x".repeat(65_536)]) {
    assertEquals(outcomeOf(stream), { requests: [], error: null }, stream.slice(0, 40));
  }
});

Deno.test("A client that is not authenticated may send ten arguments of 16 KiB", () => {
  const ten = Array.from({ length: 10 }, () => "v".repeat(16_384));
  assertEquals(requestsOf(encode(...ten), UNAUTHENTICATED), [ten]);
  const eleven = outcomeOf("*11\r\n", UNAUTHENTICATED).error;
  assertEquals(eleven, "ERR Protocol error: unauthenticated multibulk length");
  const long = outcomeOf("*1\r\n$16385\r\n", UNAUTHENTICATED).error;
  assertEquals(long, "ERR Protocol error: unauthenticated bulk length");
  const longer = outcomeOf("*1\r\n$536870913\r\n", UNAUTHENTICATED).error;
  assertEquals(longer, "ERR Protocol error: invalid bulk length");
});

Deno.test("The parser consumes a request when it is whole, and not before", () => {
  const parser = newParser();
  const args = new Args();
  const buf = latin1("\r\n" + encode("GET", "key") + "*1\r\n$4\r\nPI");
  assertEquals(parser.parse(buf, 0, 10, args), NEEDS_MORE);
  assertEquals(parser.next, 2);
  assertEquals(parser.parse(buf, 2, buf.length, args), READY);
  assertEquals(parser.next, 24);
  assertEquals(args.count, 2);
  assertEquals([args.text(0), args.text(1)], ["GET", "key"]);
  assertEquals(parser.parse(buf, 24, buf.length, args), NEEDS_MORE);
  assertEquals(parser.next, 24);
  assertEquals(parser.wanted, encode("PING").length);
});

Deno.test("The parser says what is wrong and consumes nothing of it", () => {
  const parser = newParser();
  const buf = latin1("*1\r\n$x\r\n");
  assertEquals(parser.parse(buf, 0, buf.length, new Args()), FAILED);
  assertEquals(parser.next, 0);
  assertEquals(parser.error?.text, "ERR Protocol error: invalid bulk length");
});

Deno.test("A request of 20,000 arguments may come in small pieces", () => {
  const words = Array.from({ length: 20_000 }, (_, i) => `argument ${i}`);
  const outcome = feedText(encode(...words) + "PING\n", TRUSTED, () => 977, new Random(1));
  assertEquals(outcome.requests.length, 2);
  assert(outcome.requests[0].every((word, i) => word === words[i]));
});

Deno.test("A header alone takes no memory", () => {
  const store = new BookkeepingStore();
  const parser = newParser(store);
  const args = new Args();
  const buf = latin1("*16777216\r\n$536870912\r\n");
  assertEquals(parser.parse(buf, 0, buf.length, args), NEEDS_MORE);
  assertEquals(parser.next, buf.length);
  assert(args.starts.length <= 1024);
  assert(store.liveBytes <= 128 * 1024);
  parser.release();
  assertEquals(store.liveBlocks, 0);
});

Deno.test("A big argument that has not arrived whole is received into a block", () => {
  const store = new BookkeepingStore();
  const parser = newParser(store);
  const args = new Args();
  const value = latin1("0123456789".repeat(20_000));
  const head = latin1(`*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n`);

  assertEquals(parser.parse(head, 0, head.length, args), NEEDS_MORE);
  assertEquals(parser.next, head.length);
  let at = 0;
  while (parser.bulk !== null) {
    const { buf, at: targetAt, end } = parser.bulk;
    const bytes = Math.min(end - targetAt, 10_000);
    buf.set(value.subarray(at, at + bytes), targetAt);
    parser.bulk.at += bytes;
    at += bytes;
    parser.advanceBulk();
  }
  assertEquals(at, value.length);
  assertEquals(parser.wanted, 2);
  assert(parser.heldBytes >= value.length);

  const rest = latin1("..\r\n$2\r\nXX\r\n");
  assertEquals(parser.parse(rest, 2, rest.length, args), READY);
  assertEquals(parser.next, rest.length);
  assertEquals([args.text(0), args.text(1), args.text(3)], ["SET", "k", "XX"]);
  assertEquals(args.copy(2), value);
  assert(args.handles[2] !== 0);
  assertEquals(args.bufs[2], store.buf(args.handles[2]));
  assertEquals(args.starts[2], store.offset(args.handles[2]));
  assertEquals(parser.heldBytes, 0);
  assertEquals(store.liveBlocks, 1);
  args.release(store);
  assertEquals(store.liveBlocks, 0);
});

Deno.test("A big argument that is there already stays in the receive buffer", () => {
  const value = "v".repeat(BIG_BULK_BYTES);
  const buf = latin1(encode("ECHO", value));
  const store = new BookkeepingStore();
  const args = new Args();
  assertEquals(newParser(store).parse(buf, 0, buf.length, args), READY);
  assertEquals(args.bufs[1], buf);
  assertEquals(args.handles[1], 0);
  assertEquals(store.liveBlocks, 0);
});

Deno.test("The memory for a big argument grows with what arrives of it", () => {
  const store = new BookkeepingStore();
  const parser = newParser(store);
  const MiB = 1024 * 1024;
  const head = latin1(`*1\r\n$${64 * MiB}\r\n`);
  parser.parse(head, 0, head.length, new Args());
  const piece = new Uint8Array(16 * 1024);
  for (let sent = 0; sent < 3 * MiB; sent += piece.length) {
    // Four bytes for each that has arrived, and a quarter of that in the block before.
    assert(store.liveBytes <= Math.max(64 * 1024, 5 * sent));
    parser.parse(piece, 0, piece.length, new Args());
  }
  parser.release();
  assertEquals(store.liveBlocks, 0);
});

Deno.test("The parser gives the reference's outcome for random streams in random pieces", () => {
  const seed = freshSeed();
  console.log(`seed ${seed}`);
  for (let i = 0; i < 300; i++) runParserCase(seed + i);
});
