/**
 * Compaction: which pages shall be emptied so that their memory can go back.
 *
 * Memory goes back by whole regions, so what is chosen are the regions with the least in them, as long
 * as that fits into the free places of all others, or takes few new pages. Their pages are marked as
 * evacuated: nothing new is put there, and whoever holds handles moves the blocks away, in slices,
 * while everything goes on.
 *
 * The usual criterion, spans that are filled less than the average of their class, is not what serves
 * here: it leaves a few full spans in each page, and they would keep it. And this way a block is moved
 * once at most.
 */
import { PAGE_BYTES } from "./handle.ts";
import { CHUNK_BYTES, USABLE_CHUNKS } from "./page_layout.ts";
import type { PageTable } from "./page_table.ts";

/**
 * Of the free places, this part counts as of use for the blocks that come: most are in spans of one
 * class or another, and not all classes come as they are wanted.
 */
const USABLE_PART = 0.8;

/** Pages for so much of what will be given back may be begun for blocks that have no place elsewhere... */
export const NEW_FOR_OLD = 1 / 2;
/** ...but a plan relies on half of that. */
const NEW_FOR_OLD_PLANNED = 1 / 4;

/** Regions of one round: ending a round before its time means looking through all their pages. */
const REGIONS_MAX = 64;

interface Candidate {
  readonly first: number;
  readonly count: number;
  readonly used: number;
}

/**
 * Marks the pages of the chosen regions in `pages.evacuated`.
 *
 * @param part The part of all regions, 0 to 1, that may be chosen; one may in any case.
 * @returns The bytes of these pages, 0 when none was chosen.
 */
export function planEvacuation(pages: PageTable, part: number): number {
  const candidates: Candidate[] = [];
  let room = freeBytes(pages.used[0], 1);
  for (let region = 1; region < pages.regionCount; region++) {
    const { first, count } = pages.movablePages(region);
    if (count === 0) continue;
    let used = 0;
    for (let page = first; page < first + count; page++) used += pages.used[page];
    room += freeBytes(used, count);
    candidates.push({ first, count, used });
  }
  candidates.sort((a, b) => a.used - b.used);

  let bytes = 0;
  let moved = 0;
  const regions = Math.min(REGIONS_MAX, Math.max(1, Math.floor(candidates.length * part)));
  for (const { first, count, used } of candidates.slice(0, regions)) {
    room -= freeBytes(used, count);
    moved += used;
    const given = bytes + count * PAGE_BYTES;
    if (moved > room * USABLE_PART + given * NEW_FOR_OLD_PLANNED) break;
    pages.evacuated.fill(1, first, first + count);
    bytes = given;
  }
  return bytes;
}

function freeBytes(used: number, pages: number): number {
  return pages * USABLE_CHUNKS * CHUNK_BYTES - used;
}
