/**
 * The sizes in which small blocks come, and the spans they are cut from.
 *
 * Every multiple of 8 bytes up to 1024, as far as most small collections go, then 16 steps for each
 * doubling up to 16 KiB, so that rounding up wastes 7 bytes or one part in 17 at the most. (What grows
 * in steps asks for more than it needs at once, or it would move with each of them.) Blocks of one
 * class lie side by side in spans of 4 to 32 chunks; a span is as short as it can be while its
 * unusable tail is one part in 64 at most.
 */
import { UNIT_SHIFT } from "./handle.ts";
import { CHUNK_BYTES } from "./page_layout.ts";

/** The largest small block. */
export const MAX_SMALL_BYTES = 16 * 1024;

/** No run of chunks is shorter than the shortest span. */
export const MIN_SPAN_CHUNKS = 4;
const MAX_SPAN_CHUNKS = 32;
const LINEAR_BYTES = 1024;
const STEPS_PER_DOUBLING = 16;
const TAIL_WASTE_LIMIT = 1 / 64;

/** Bytes of a block, by class. */
export const CLASS_BYTES = Int32Array.from(listSizes());
export const CLASS_COUNT = CLASS_BYTES.length;
/** The class of blocks of `size` bytes is `CLASS_OF[(size + 7) >>> 3]`, 0 <= size <= MAX_SMALL_BYTES. */
export const CLASS_OF = mapSizesToClasses();
/** Units of a block, by class. */
export const CLASS_UNITS = CLASS_BYTES.map((bytes) => bytes >>> UNIT_SHIFT);
/** Chunks of a span, by class. */
export const SPAN_CHUNKS = CLASS_BYTES.map(spanChunksFor);
/** Blocks in a span, by class. */
export const SPAN_BLOCKS = CLASS_BYTES.map(
  (bytes, sizeClass) => Math.floor(SPAN_CHUNKS[sizeClass] * CHUNK_BYTES / bytes),
);

function listSizes(): number[] {
  const sizes: number[] = [];
  const unit = 1 << UNIT_SHIFT;
  for (let bytes = unit; bytes <= LINEAR_BYTES; bytes += unit) sizes.push(bytes);
  for (let base = LINEAR_BYTES; base < MAX_SMALL_BYTES; base *= 2) {
    for (let step = 1; step <= STEPS_PER_DOUBLING; step++) {
      sizes.push(base + base * step / STEPS_PER_DOUBLING);
    }
  }
  return sizes;
}

function mapSizesToClasses(): Uint8Array {
  const classes = new Uint8Array((MAX_SMALL_BYTES >>> UNIT_SHIFT) + 1);
  let sizeClass = 0;
  for (let units = 1; units < classes.length; units++) {
    if (units << UNIT_SHIFT > CLASS_BYTES[sizeClass]) sizeClass++;
    classes[units] = sizeClass;
  }
  return classes;
}

function spanChunksFor(blockBytes: number): number {
  let best = 0;
  let leastWaste = 1;
  for (let chunks = MIN_SPAN_CHUNKS; chunks <= MAX_SPAN_CHUNKS; chunks++) {
    const spanBytes = chunks * CHUNK_BYTES;
    const waste = (spanBytes % blockBytes) / spanBytes;
    if (waste <= TAIL_WASTE_LIMIT) return chunks;
    if (waste < leastWaste) {
      best = chunks;
      leastWaste = waste;
    }
  }
  return best;
}
