/** Lists: one listpack while they are short, else a quicklist. See list_value.ts for what they can do. */
import { Element, firstElement, nextElement, readElement } from "../../structures/listpack.ts";
import * as Entry from "../../structures/entry.ts";
import {
  advance,
  compactQuicklist,
  copyBlock,
  copyQuicklist,
  type Cursor,
  endNode,
  enter,
  freeNodes,
  quicklistBytes,
  readAt,
} from "../../structures/quicklist.ts";
import type { Digest } from "../digest.ts";
import { Encoding, type ValueContext, type ValueType } from "./type.ts";

/** So many nodes of a list are freed at once; what is longer is freed in slices of as many. */
const NODES_PER_SLICE = 64;

const view = new Element();
const cursor: Cursor = { node: 0, pos: 0 };

export const listType: ValueType = {
  name: "list",

  release({ slabs, lazyFree }: ValueContext, entry: number): void {
    const list = Entry.valueHandle(slabs, entry);
    if (Entry.encoding(slabs, entry) === Encoding.LISTPACK) {
      slabs.free(list);
    } else if (!freeNodes(slabs, list, NODES_PER_SLICE)) {
      lazyFree.structure(() => freeNodes(slabs, list, NODES_PER_SLICE));
    }
  },

  outsideBytes({ slabs }: ValueContext, entry: number, samples: number): number {
    const list = Entry.valueHandle(slabs, entry);
    return Entry.encoding(slabs, entry) === Encoding.LISTPACK
      ? slabs.sizeOf(list)
      : quicklistBytes(slabs, list, samples);
  },

  duplicate({ slabs }: ValueContext, entry: number, copy: number): void {
    const list = Entry.valueHandle(slabs, entry);
    const isListpack = Entry.encoding(slabs, entry) === Encoding.LISTPACK;
    Entry.setValueHandle(
      slabs,
      copy,
      isListpack ? copyBlock(slabs, list) : copyQuicklist(slabs, list),
    );
  },

  digest({ slabs }: ValueContext, entry: number, digest: Digest): void {
    const list = Entry.valueHandle(slabs, entry);
    if (Entry.encoding(slabs, entry) === Encoding.LISTPACK) {
      for (let pos = firstElement(slabs, list); pos !== 0; pos = nextElement(slabs, list, pos)) {
        readElement(slabs, list, pos, view);
        digest.mix(view.buf, view.start, view.end);
      }
      return;
    }
    for (
      let more = enter(slabs, endNode(slabs, list, true), cursor, true);
      more;
      more = advance(slabs, cursor, true)
    ) {
      readAt(slabs, cursor, view);
      digest.mix(view.buf, view.start, view.end);
    }
  },

  compact({ slabs }: ValueContext, entry: number): number {
    const list = Entry.valueHandle(slabs, entry);
    if (Entry.encoding(slabs, entry) !== Encoding.LISTPACK) {
      return compactQuicklist(
        slabs,
        list,
        (moved) => Entry.setValueHandle(slabs, entry, moved),
      );
    }
    if (!slabs.shouldMove(list)) return 0;
    Entry.setValueHandle(slabs, entry, slabs.move(list));
    return 1;
  },
};
