/** A transport without sockets: shows a stream to a parser in pieces, and keeps book of its blocks. */
import { latin1, latin1Text } from "../../src/memory/bytes.ts";
import { Args, type BulkStore } from "../../src/resp/args.ts";
import { BULK_GRANT_BYTES, BULK_GROWTH } from "../../src/resp/limits.ts";
import { FAILED, READY, RequestParser } from "../../src/resp/parser.ts";
import type { Random } from "../support/random.ts";
import type { Outcome, ReferenceLimits } from "./reference_parser.ts";

/** Blocks at odd places, each in memory of its own; it knows which are in use. */
export class BookkeepingStore implements BulkStore {
  readonly #blocks = new Map<number, Uint8Array>();
  #last = 0;
  /** The sizes of the blocks in use. */
  liveBytes = 0;
  /** The most that `liveBytes` has been. */
  peakBytes = 0;

  get liveBlocks(): number {
    return this.#blocks.size;
  }

  alloc(length: number): number {
    const handle = ++this.#last;
    this.#blocks.set(handle, new Uint8Array(this.offset(handle) + length + 3));
    this.liveBytes += length;
    this.peakBytes = Math.max(this.peakBytes, this.liveBytes);
    return handle;
  }

  buf(handle: number): Uint8Array {
    const block = this.#blocks.get(handle);
    if (block === undefined) throw new Error(`block ${handle} is not in use`);
    return block;
  }

  offset(handle: number): number {
    return (handle % 5) * 8;
  }

  free(handle: number): void {
    this.liveBytes -= this.buf(handle).length - this.offset(handle) - 3;
    this.#blocks.delete(handle);
  }
}

/**
 * Feeds a stream to a new parser.
 *
 * @param cuts How long the pieces are; undefined for all at once.
 * @param random Decides where in memory the pieces lie, and which way big arguments take.
 * @returns What the parser made of it.
 * @throws {Error} When it breaks a rule: consumes what is not there, keeps or frees a block wrongly,
 *   takes more memory than what it has been sent entitles it to.
 */
export function feed(
  stream: Uint8Array,
  limits: ReferenceLimits,
  cuts: (() => number) | undefined,
  random: Random,
): Outcome {
  const store = new BookkeepingStore();
  const parser = new RequestParser(limits, store);
  parser.authenticated = limits.authenticated;
  const args = new Args();
  const outcome: Outcome = { requests: [], error: null };
  let shown = 0; // bytes of the stream that the parser has seen
  let consumed = 0;
  while (shown < stream.length && outcome.error === null) {
    const piece = Math.min(cuts === undefined ? stream.length : cuts(), stream.length - shown);
    shown += piece;
    if (parser.bulk !== null && !random.oneIn(4)) consumed += receiveBulk(consumed, shown);
    consumed += receive(consumed, shown);
    // The first block of a big argument is shorter than four grants: see BulkReceiver.
    const entitled = BULK_GROWTH * BULK_GRANT_BYTES + 32 * shown;
    if (store.liveBytes > entitled) throw new Error("blocks are too large");
    if (args.starts.length > 4096 + 2 * shown) throw new Error("arguments take too much room");
  }
  parser.release();
  if (store.liveBlocks > 0) throw new Error("blocks are left behind");
  return outcome;

  /** Shows the unconsumed bytes at some place of a new buffer that is dirty on both sides. */
  function receive(from: number, to: number): number {
    const start = random.below(40);
    const buf = new Uint8Array(start + to - from + random.below(40)).fill(0x0d);
    buf.set(stream.subarray(from, to), start);
    const end = start + to - from;
    let at = start;
    let status = READY;
    while (status === READY) {
      status = parser.parse(buf, at, end, args);
      if (parser.next < at || parser.next > end) throw new Error("consumed what is not there");
      at = parser.next;
      if (status === READY) takeRequest();
    }
    if (status === FAILED) outcome.error = parser.error!.text;
    buf.fill(0x2a); // what the parser did not consume it must not rely on, but for what it copied
    return at - start;
  }

  function receiveBulk(from: number, to: number): number {
    let at = from;
    while (parser.bulk !== null && at < to) {
      const { buf, at: targetAt, end } = parser.bulk;
      const bytes = Math.min(end - targetAt, to - at, random.between(1, 100_000));
      buf.set(stream.subarray(at, at + bytes), targetAt);
      parser.bulk.at += bytes;
      at += bytes;
      parser.advanceBulk();
    }
    return at - from;
  }

  function takeRequest(): void {
    const request: string[] = [];
    for (let i = 0; i < args.count; i++) {
      const handle = args.handles[i];
      if (handle !== 0 && args.bufs[i] !== store.buf(handle)) throw new Error("not in its block");
      if (random.oneIn(2)) store.free(args.adopt(i) || store.alloc(0));
      request.push(latin1Text(args.bufs[i], args.starts[i], args.ends[i]));
    }
    outcome.requests.push(request);
    args.release(store);
    if (args.starts.length > 1024) throw new Error("room of a giant is kept");
  }
}

/** Feeds a text of one character per byte; see {@link feed}. */
export function feedText(
  stream: string,
  limits: ReferenceLimits,
  cuts: (() => number) | undefined,
  random: Random,
): Outcome {
  return feed(latin1(stream), limits, cuts, random);
}
