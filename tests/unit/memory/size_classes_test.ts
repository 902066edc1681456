import { assert, assertEquals } from "@std/assert";
import { CHUNK_BYTES } from "../../../src/memory/page_layout.ts";
import {
  CLASS_BYTES,
  CLASS_COUNT,
  CLASS_OF,
  CLASS_UNITS,
  MAX_SMALL_BYTES,
  SPAN_BLOCKS,
  SPAN_CHUNKS,
} from "../../../src/memory/size_classes.ts";

Deno.test("Every size has the smallest class that is large enough", () => {
  for (let size = 1; size <= MAX_SMALL_BYTES; size++) {
    const sizeClass = CLASS_OF[(size + 7) >>> 3];
    assert(CLASS_BYTES[sizeClass] >= size, `${size}`);
    assert(sizeClass === 0 || CLASS_BYTES[sizeClass - 1] < size, `${size}`);
  }
  assertEquals(CLASS_BYTES[CLASS_OF[0]], 8);
  assertEquals(CLASS_BYTES[CLASS_COUNT - 1], MAX_SMALL_BYTES);
});

Deno.test("Rounding up wastes less than 8 bytes or one part in 17", () => {
  for (let size = 1; size <= MAX_SMALL_BYTES; size++) {
    const waste = CLASS_BYTES[CLASS_OF[(size + 7) >>> 3]] - size;
    assert(waste < Math.max(8, size / 16), `${size} wastes ${waste}`);
  }
});

Deno.test("Classes are whole units and their spans waste one part in 64 at most", () => {
  for (let sizeClass = 0; sizeClass < CLASS_COUNT; sizeClass++) {
    const bytes = CLASS_BYTES[sizeClass];
    const spanBytes = SPAN_CHUNKS[sizeClass] * CHUNK_BYTES;
    assertEquals(CLASS_UNITS[sizeClass] * 8, bytes);
    assert(SPAN_CHUNKS[sizeClass] >= 4 && SPAN_CHUNKS[sizeClass] <= 32);
    const waste = spanBytes - SPAN_BLOCKS[sizeClass] * bytes;
    assert(waste >= 0 && waste <= spanBytes / 64, `${bytes} wastes ${waste} of ${spanBytes}`);
  }
});
