/** MEMORY MALLOC-STATS: what the slab allocator has given out, by the size of the blocks. */
import type { Slabs } from "../../memory/slab.ts";

/** The names of the columns, and how wide they are. */
const COLUMNS = ["size", "blocks", "used bytes", "spans", "span bytes", "filled"];
const WIDTHS = [6, 11, 15, 9, 15, 8];

/** A table for people: a line for each size class in use, one for what is larger, and the sum. */
export function mallocStats(slabs: Slabs): string {
  const lines = [
    `Slabs: ${slabs.usedBytes} bytes in ${slabs.blockCount} blocks, ${slabs.pageBytes} bytes held, ` +
    `at most ${slabs.peakUsedBytes} bytes used so far`,
    "",
    row(COLUMNS),
  ];
  let smallBlocks = 0;
  let smallBytes = 0;
  let spanBytesInAll = 0;
  for (const { blockBytes, blocks, spans, spanBytes } of slabs.classStats()) {
    const used = blocks * blockBytes;
    smallBlocks += blocks;
    smallBytes += used;
    spanBytesInAll += spanBytes;
    lines.push(row([blockBytes, blocks, used, spans, spanBytes, percent(used, spanBytes)]));
  }
  lines.push(
    row([
      "large",
      slabs.blockCount - smallBlocks,
      slabs.usedBytes - smallBytes,
      "",
      "",
      "",
    ]),
    row([
      "all",
      slabs.blockCount,
      slabs.usedBytes,
      "",
      slabs.usedBytes - smallBytes + spanBytesInAll,
      percent(slabs.usedBytes, slabs.pageBytes),
    ]),
  );
  return lines.join("\n") + "\n";
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, i) => String(cell).padStart(WIDTHS[i])).join("").trimEnd();
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${(part / whole * 100).toFixed(1)}%`;
}
