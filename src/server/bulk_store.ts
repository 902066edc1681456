/** Big arguments in slab blocks, so that a value received into one can stay where it is. */
import type { Slabs } from "../memory/slab.ts";
import type { BulkStore } from "../resp/args.ts";

/** The parser's view of the slabs. */
export function bulkStoreOver(slabs: Slabs): BulkStore {
  return {
    alloc: (length) => slabs.alloc(length),
    buf: (handle) => slabs.bytes[handle >>> 19],
    offset: (handle) => (handle & 0x7ffff) << 3,
    free: (handle) => slabs.free(handle),
  };
}
