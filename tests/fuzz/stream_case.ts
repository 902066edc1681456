/** One case of the fuzzer of streams' nodes: a damaged one is either refused, or as good as any other. */
import { isStreamNode } from "../../src/persistence/rdb/values/stream_node.ts";
import { latin1 } from "../../src/memory/bytes.ts";
import { Args } from "../../src/resp/args.ts";
import {
  Element,
  firstElement,
  insertElement,
  isValidListpack,
  listpackBytes,
  listpackLength,
  nextElement,
  removeElements,
  replaceElement,
} from "../../src/structures/listpack.ts";
import { Stream } from "../../src/structures/stream.ts";
import { StreamId } from "../../src/structures/stream_id.ts";
import { liveEntries } from "../../src/structures/stream_node.ts";
import { StreamReader } from "../../src/structures/stream_reader.ts";
import { Random } from "../support/random.ts";
import { corrupted, verdictOn } from "./corruption.ts";
import { randomText, walkListpack } from "./listpack_case.ts";
import { accountFor, blockOf, bytesOf, slabs } from "./slab_block.ts";

const LIMITS = { streamNodeMaxBytes: 0, streamNodeMaxEntries: 0 };
/** As often a whole element is damaged, and the listpack stays sound. */
const ELEMENTWISE_ONE_IN = 2;

const reader = new StreamReader();
const field = new Element();
const value = new Element();
const id = new StreamId();
const args = new Args();

/** The bytes of the one node of a random stream. */
function randomNode(random: Random): Uint8Array {
  const stream = new Stream(slabs);
  let fields = 1;
  for (let n = random.between(1, 8); n > 0; n--) {
    if (random.oneIn(3)) fields = random.between(1, 3);
    append(stream, random, fields);
  }
  const removed = stream.length - 1;
  for (let left = random.below(removed + 1); left > 0; left--) {
    id.setMs(random.between(1, stream.entriesAdded));
    if (stream.length > 1) stream.remove(id, reader);
  }
  const lp = stream.index.listpack(0);
  const bytes = bytesOf(lp, listpackBytes(slabs, lp));
  stream.freeNodes(Infinity);
  return bytes;
}

/** Adds an entry with the next millisecond as its ID. */
function append(stream: Stream, random: Random, fields: number): void {
  const texts: Uint8Array[] = [];
  let bytes = 0;
  for (let i = 0; i < fields; i++) {
    texts.push(latin1(`field ${i}`), latin1(randomText(random)));
    bytes += texts[2 * i].length + texts[2 * i + 1].length;
  }
  args.load(texts);
  id.setMs(stream.entriesAdded + 1);
  stream.append(id, args, 0, bytes, LIMITS);
}

/** Runs the case of this seed; returns whether the damaged node was accepted. */
export function runStreamCase(seed: number): boolean {
  const random = new Random(seed);
  const sound = randomNode(random);
  const isElementwise = random.oneIn(ELEMENTWISE_ONE_IN);
  const bytes = isElementwise ? withOtherElements(sound, random) : corrupted(sound, random);
  if (!verdictOn(bytes, isValidListpack)) return false;
  let isAccepted = false;
  accountFor(bytes.length, () => {
    const lp = blockOf(bytes);
    isAccepted = isStreamNode(slabs, lp);
    if (isAccepted) useNode(lp, random);
    else slabs.free(lp);
  });
  return isAccepted;
}

function withOtherElements(bytes: Uint8Array, random: Random): Uint8Array {
  let lp = blockOf(bytes);
  for (let left = random.between(1, 3); left > 0; left--) {
    let pos = firstElement(slabs, lp);
    for (let i = random.below(listpackLength(slabs, lp)); i > 0; i--) {
      pos = nextElement(slabs, lp, pos);
    }
    const text = latin1(random.oneIn(3) ? randomText(random) : String(random.below(6)));
    const kind = random.below(4);
    if (kind === 0) lp = removeElements(slabs, lp, pos, random.between(1, 2));
    else if (kind === 1) lp = insertElement(slabs, lp, pos, text, 0, text.length);
    else if (pos !== 0) lp = replaceElement(slabs, lp, pos, text, 0, text.length);
  }
  const result = bytesOf(lp, listpackBytes(slabs, lp));
  slabs.free(lp);
  return result;
}

/** Makes a stream of the node, and does with it what commands do. */
function useNode(lp: number, random: Random): void {
  const entries = liveEntries(slabs, lp);
  const size = listpackBytes(slabs, lp);
  const stream = new Stream(slabs);
  id.setMin();
  stream.index.push(id, lp);
  stream.length = entries;
  stream.entriesAdded = entries;
  walk(stream, false, entries, size);
  walk(stream, true, entries, size);
  reader.toEndOf(stream.index, 0);
  stream.readFirstId(reader);
  if (random.oneIn(2)) append(stream, random, 2);
  if (random.oneIn(2) && stream.index.count > 0) {
    stream.walk(reader, random.oneIn(2));
    if (reader.next()) {
      id.copy(reader.id);
      stream.remove(id, reader);
    }
  }
  if (random.oneIn(2)) {
    const maxLength = random.below(entries + 1);
    const isApproximate = random.oneIn(2);
    stream.trim({ isById: false, maxLength, minId: id, isApproximate, limit: 0 }, reader);
  }
  if (stream.index.count > 0) walkListpack(stream.index.listpack(0));
  stream.freeNodes(Infinity);
}

/** Shows all entries and their fields, of which there must be as many as the node tells. */
function walk(stream: Stream, isReverse: boolean, entries: number, size: number): void {
  let shown = 0;
  stream.walk(reader, isReverse);
  while (reader.next()) {
    if (++shown > entries) throw new Error("there are more entries than there should be");
    if (reader.fieldCount > size) throw new Error("there are more fields than there are bytes");
    for (let i = 0; i < reader.fieldCount; i++) reader.nextField(field, value);
  }
  if (shown < entries) throw new Error("there are fewer entries than there should be");
}
