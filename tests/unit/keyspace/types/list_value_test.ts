import { assert, assertEquals } from "@std/assert";
import { createSettings } from "../../../../src/config/mod.ts";
import { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import {
  createList,
  type ListCursor,
  listLength,
  makeRoom,
  pushTo,
  readIn,
  removeRangeFrom,
  seekIn,
  shrink,
} from "../../../../src/keyspace/types/list_value.ts";
import { ENCODING_NAMES } from "../../../../src/keyspace/types/type.ts";
import { Element } from "../../../../src/structures/listpack.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";

const KEY = latin1Bytes("list");

class TextList {
  readonly keyspace = new Keyspace(createSettings(), { k0: 1, k1: 2 }, () => 0);
  readonly db = this.keyspace.database(0);
  readonly emptyBytes = this.keyspace.slabs.usedBytes;
  readonly entry = createList(this.db, KEY, 0, KEY.length);
  readonly cursor: ListCursor = { node: 0, pos: 0 };
  readonly view = new Element();

  push(...texts: string[]): void {
    for (const text of texts) {
      const bytes = latin1Bytes(text);
      makeRoom(this.db, this.entry, bytes.length, 1);
      pushTo(this.db, this.entry, false, bytes, 0, bytes.length);
    }
  }

  at(index: number): string | null {
    if (!seekIn(this.db, this.entry, index, this.cursor)) return null;
    readIn(this.db, this.entry, this.cursor, this.view);
    return latin1Text(this.view.buf.subarray(this.view.start, this.view.end));
  }

  get encoding(): string {
    return ENCODING_NAMES[this.db.encoding(this.entry)];
  }
}

Deno.test("A list becomes a quicklist when it no longer fits into a node, and a listpack at half of one", () => {
  const list = new TextList();
  const word = "x".repeat(100);
  while (list.encoding === "listpack") list.push(word);
  const most = listLength(list.db, list.entry);
  assert(most > 70 && most < 82, `${most}`);
  removeRangeFrom(list.db, list.entry, 0, most - 50);
  shrink(list.db, list.entry);
  assertEquals(list.encoding, "quicklist");
  removeRangeFrom(list.db, list.entry, -15, 15);
  shrink(list.db, list.entry);
  assertEquals(list.encoding, "listpack");
  assertEquals([listLength(list.db, list.entry), list.at(-1)], [35, word]);
});

Deno.test("An empty list takes an element of any length", () => {
  const list = new TextList();
  const giant = "g".repeat(100_000);
  list.push(giant, "small");
  assertEquals(list.encoding, "quicklist");
  assertEquals([list.at(0), list.at(1), list.at(2)], [giant, "small", null]);
});

Deno.test("A long list is freed in slices, a short one at once", () => {
  const list = new TextList();
  const { keyspace, db } = list;
  for (let i = 0; i < 20_000; i++) list.push(`${i}:${"x".repeat(80)}`);
  const { usedBytes } = keyspace.slabs;
  assert(db.delete(KEY, 0, KEY.length));
  assertEquals(keyspace.lazyFree.pending, 1);
  assert(keyspace.slabs.usedBytes > usedBytes / 2);
  let slices = 0;
  while (!keyspace.lazyFree.step(() => false)) slices++;
  assert(slices > 1);
  assertEquals(keyspace.slabs.usedBytes, list.emptyBytes);

  const short = createList(db, KEY, 0, KEY.length);
  pushTo(db, short, true, KEY, 0, KEY.length);
  assert(db.delete(KEY, 0, KEY.length));
  assertEquals([keyspace.lazyFree.pending, keyspace.slabs.usedBytes], [0, list.emptyBytes]);
});
