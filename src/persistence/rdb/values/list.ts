/**
 * Lists in dumps.
 *
 *   LIST               count, then the elements as strings
 *   LIST_ZIPLIST       a ziplist
 *   LIST_QUICKLIST     count, then so many ziplists
 *   LIST_QUICKLIST_2   count, then so many nodes: a container, then one element or a listpack
 */
import type { Database } from "../../../keyspace/database.ts";
import { listLength, makeRoom, pushTo } from "../../../keyspace/types/list_value.ts";
import { Encoding } from "../../../keyspace/types/type.ts";
import { byteOffset, pageOf } from "../../../memory/handle.ts";
import type { Slabs } from "../../../memory/slab.ts";
import { TypeId } from "../../../structures/entry.ts";
import {
  createListpack,
  Element,
  firstElement,
  listpackBytes,
  listpackLength,
  nextElement,
  readElement,
} from "../../../structures/listpack.ts";
import * as Quicklist from "../../../structures/quicklist.ts";
import { settle, streamBytes, streamOffset } from "../../../structures/quicklist_compress.ts";
import { exceedsNode } from "../../../structures/quicklist_edit.ts";
import type { RdbInput, RdbSlice } from "../input.ts";
import { QuicklistContainer, RdbType } from "../opcodes.ts";
import type { RdbOutput } from "../output.ts";
import { ZiplistReader } from "../ziplist.ts";
import { PORTION_ELEMENTS, type Portions, writeAll } from "./portions.ts";
import { copyToBlock, draftWithBlock, filled, listpackString, type RdbTarget } from "./target.ts";

const ziplist = new ZiplistReader();
const view = new Element();

// ---------------------------------------------------------------- reading

/** Reads a list; see {@link ReadValue}. */
export function readList(
  input: RdbInput,
  type: number,
  { db }: RdbTarget,
  key: RdbSlice,
): number {
  const { slabs, settings } = db.keyspace;
  const isQuicklist = type === RdbType.LIST_QUICKLIST_2;
  const list = isQuicklist
    ? Quicklist.createQuicklist(slabs, settings.listCompressDepth)
    : createListpack(slabs);
  const encoding = isQuicklist ? Encoding.QUICKLIST : Encoding.LISTPACK;
  const draft = draftWithBlock(db, key, TypeId.LIST, encoding, list);
  return filled(db, draft, () => {
    if (isQuicklist) readNodes(input, db, draft);
    else if (type === RdbType.LIST) readElements(input, db, draft);
    else readZiplists(input, db, draft, type === RdbType.LIST_ZIPLIST ? 1 : input.count(1));
  });
}

function readElements(input: RdbInput, db: Database, draft: number): void {
  for (let left = input.count(1); left > 0; left--) pushElement(db, draft, input.string());
}

function readZiplists(input: RdbInput, db: Database, draft: number, count: number): void {
  for (let left = count; left > 0; left--) {
    const { buf, start, end } = input.string();
    ziplist.begin(buf, start, end);
    while (ziplist.next()) pushElement(db, draft, ziplist.element);
    if (ziplist.isDamaged) throw input.damaged("ziplist integrity check failed");
  }
}

function pushElement(db: Database, draft: number, { buf, start, end }: RdbSlice): void {
  makeRoom(db, draft, end - start, 1);
  pushTo(db, draft, false, buf, start, end);
}

function readNodes(input: RdbInput, db: Database, draft: number): void {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(draft);
  for (let left = input.count(2); left > 0; left--) {
    const node = readNode(input, slabs);
    if (node === 0) continue;
    Quicklist.linkNode(slabs, list, node, Quicklist.endNode(slabs, list, false));
    Quicklist.addLength(slabs, list, Quicklist.elementsOf(slabs, node));
    settle(slabs, list, 0);
  }
  unwrapOnlyNode(db, draft, list);
}

/** A node of no list yet; 0 for one without elements. */
function readNode(input: RdbInput, slabs: Slabs): number {
  const container = input.length();
  if (container === QuicklistContainer.PLAIN) {
    const { buf, start, end } = input.string();
    if (end === start) throw input.damaged("a node that shall hold a long element is empty");
    return Quicklist.createPlainNode(slabs, buf, start, end);
  }
  if (container !== QuicklistContainer.PACKED) {
    throw input.damaged(`${container} is no kind of node`);
  }
  const lp = copyToBlock(slabs, listpackString(input));
  try {
    if (listpackLength(slabs, lp) > 0) return Quicklist.createPackedNode(slabs, lp);
  } catch (failure) {
    slabs.free(lp);
    throw failure;
  }
  slabs.free(lp);
  return 0;
}

/** A list with a single node of a usual size is kept as a listpack. */
function unwrapOnlyNode(db: Database, draft: number, list: number): void {
  const { slabs, settings } = db.keyspace;
  if (Quicklist.nodeCount(slabs, list) !== 1) return;
  const node = Quicklist.endNode(slabs, list, true);
  if (Quicklist.isPlain(slabs, node)) return;
  const bytes = Quicklist.rawBytes(slabs, node);
  if (exceedsNode(settings.listMaxListpackSize, bytes, Quicklist.elementsOf(slabs, node))) return;
  db.setOutsideValue(draft, Encoding.LISTPACK, Quicklist.takeListpack(slabs, list), 0);
}

// ---------------------------------------------------------------- writing

/** Nodes of listpacks are known from this version on. */
export const QUICKLIST_2_SINCE = 10;

/** The type under which a list is written. */
export function listRdbType(version: number): number {
  return version >= QUICKLIST_2_SINCE ? RdbType.LIST_QUICKLIST_2 : RdbType.LIST;
}

/** Writes the list of an entry. */
export function writeList(output: RdbOutput, db: Database, entry: number, version: number): void {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  const isPacked = db.encoding(entry) === Encoding.LISTPACK;
  if (version < QUICKLIST_2_SINCE) {
    if (!isPacked) return writeAll(elementPortions(output, db, entry));
    output.length(listLength(db, entry));
    return writeListpackElements(output, slabs, list);
  }
  if (isPacked) {
    output.length(1);
    writePackedNode(output, slabs, list);
    return;
  }
  writeAll(nodePortions(output, db, entry));
}

/** Writes the nodes of a quicklist, each as a portion. */
export function* nodePortions(output: RdbOutput, db: Database, entry: number): Portions {
  const { slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  output.length(Quicklist.nodeCount(slabs, list));
  for (
    let node = Quicklist.endNode(slabs, list, true);
    node !== 0;
    node = Quicklist.neighbour(slabs, node, true)
  ) {
    writeNode(output, slabs, node);
    yield;
  }
}

function writeNode(output: RdbOutput, slabs: Slabs, node: number): void {
  const { PLAIN, PACKED } = QuicklistContainer;
  const data = Quicklist.dataOf(slabs, node);
  const bytes = Quicklist.rawBytes(slabs, node);
  const page = slabs.bytes[pageOf(data)];
  output.length(Quicklist.isPlain(slabs, node) ? PLAIN : PACKED);
  if (Quicklist.isCompressed(slabs, node)) {
    const start = streamOffset(slabs, node);
    output.compressed(page, start, start + streamBytes(slabs, node), bytes);
  } else {
    const start = byteOffset(data);
    output.string(page, start, start + bytes);
  }
}

function writePackedNode(output: RdbOutput, slabs: Slabs, lp: number): void {
  output.length(QuicklistContainer.PACKED);
  writeListpack(output, slabs, lp);
}

/** Writes a listpack as a string. */
export function writeListpack(output: RdbOutput, slabs: Slabs, lp: number): void {
  const start = byteOffset(lp);
  output.string(slabs.bytes[pageOf(lp)], start, start + listpackBytes(slabs, lp));
}

/** Writes each element of a listpack as a string. */
export function writeListpackElements(output: RdbOutput, slabs: Slabs, lp: number): void {
  for (let pos = firstElement(slabs, lp); pos !== 0; pos = nextElement(slabs, lp, pos)) {
    readElement(slabs, lp, pos, view);
    output.string(view.buf, view.start, view.end);
  }
}

/** Writes the elements of a quicklist. */
export function* elementPortions(output: RdbOutput, db: Database, entry: number): Portions {
  const { slabs } = db.keyspace;
  const place: Quicklist.Cursor = { node: 0, pos: 0 };
  output.length(listLength(db, entry));
  const first = Quicklist.endNode(slabs, db.outsideValue(entry), true);
  let count = 1;
  for (
    let more = Quicklist.enter(slabs, first, place, true);
    more;
    more = Quicklist.advance(slabs, place, true)
  ) {
    Quicklist.readAt(slabs, place, view);
    output.string(view.buf, view.start, view.end);
    if (count++ % PORTION_ELEMENTS === 0) yield;
  }
}
