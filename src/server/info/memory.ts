/** INFO memory: read off the allocator and the process, nothing is estimated. */
import type { Server } from "../server.ts";
import { memoryReport } from "../memory_report.ts";
import { humanBytes, percent, ratio } from "./format.ts";
import type { Fields } from "./mod.ts";

export function memorySection(server: Server): Fields {
  const { keyspace, platform, settings } = server;
  const report = memoryReport(server);
  const { used, peak, overhead, dataset, startup, rss, allocated, held } = report;
  const total = platform.process.systemMemoryBytes;
  return {
    used_memory: used,
    used_memory_human: humanBytes(used),
    used_memory_rss: rss,
    used_memory_rss_human: humanBytes(rss),
    used_memory_peak: peak,
    used_memory_peak_human: humanBytes(peak),
    used_memory_peak_perc: percent(used, peak),
    used_memory_overhead: overhead,
    used_memory_startup: startup,
    used_memory_dataset: dataset,
    used_memory_dataset_perc: percent(dataset, used - startup),
    allocator_allocated: allocated,
    allocator_active: held,
    allocator_resident: held,
    total_system_memory: total,
    total_system_memory_human: humanBytes(total),
    used_memory_lua: 0,
    used_memory_vm_eval: 0,
    used_memory_lua_human: "0B",
    used_memory_scripts_eval: 0,
    number_of_cached_scripts: 0,
    number_of_functions: 0,
    number_of_libraries: 0,
    used_memory_vm_functions: 0,
    used_memory_vm_total: 0,
    used_memory_vm_total_human: "0B",
    used_memory_functions: 0,
    used_memory_scripts: 0,
    used_memory_scripts_human: "0B",
    maxmemory: settings.maxmemory,
    maxmemory_human: humanBytes(settings.maxmemory),
    maxmemory_policy: settings.maxmemoryPolicy,
    allocator_frag_ratio: ratio(held, allocated),
    allocator_frag_bytes: held - allocated,
    allocator_rss_ratio: "1.00",
    allocator_rss_bytes: 0,
    rss_overhead_ratio: ratio(rss, held),
    rss_overhead_bytes: rss - held,
    mem_fragmentation_ratio: ratio(rss, used),
    mem_fragmentation_bytes: rss - used,
    mem_not_counted_for_evict: 0,
    mem_replication_backlog: 0,
    mem_total_replication_buffers: 0,
    mem_clients_slaves: 0,
    mem_clients_normal: report.clients,
    mem_cluster_links: 0,
    mem_aof_buffer: 0,
    mem_allocator: "slabs",
    javascript_heap: platform.process.heapBytes(),
    active_defrag_running: server.compactor.isRunning ? 1 : 0,
    lazyfree_pending_objects: keyspace.lazyFree.pending,
    lazyfreed_objects: keyspace.lazyFree.freed,
  };
}
