/** MEMORY STATS: the figures of a {@link MemoryReport} under the names that tools look for. */
import type { ReplyWriter } from "../../resp/writer.ts";
import type { MemoryReport } from "../context.ts";

/** A figure that is not a whole number, and is replied as a double. */
class Fraction {
  constructor(readonly value: number) {}
}

/** How many times `part` is of `whole`; 0 where there is nothing to compare with. */
function ratio(part: number, whole: number): Fraction {
  return new Fraction(whole === 0 ? 0 : part / whole);
}

function percent(part: number, whole: number): Fraction {
  return new Fraction(whole === 0 ? 0 : part / whole * 100);
}

/** What is figured out about all of the memory, in the order of Redis. */
function figuresBefore({ peak, used, startup, clients }: MemoryReport) {
  return {
    "peak.allocated": peak,
    "total.allocated": used,
    "startup.allocated": startup,
    "replication.backlog": 0,
    "clients.slaves": 0,
    "clients.normal": clients,
    "cluster.links": 0,
    "aof.buffer": 0,
    "lua.caches": 0,
    "functions.caches": 0,
  };
}

/** The rest of them, which follows the databases. */
function figuresAfter(report: MemoryReport) {
  const { used, peak, startup, overhead, dataset, allocated, held, rss } = report;
  const keys = report.databases.reduce((sum, database) => sum + database.keys, 0);
  return {
    "overhead.total": overhead,
    "keys.count": keys,
    "keys.bytes-per-key": keys === 0 ? 0 : Math.floor((used - startup) / keys),
    "dataset.bytes": dataset,
    "dataset.percentage": percent(dataset, used - startup),
    "peak.percentage": percent(used, peak),
    "allocator.allocated": allocated,
    "allocator.active": held,
    "allocator.resident": held,
    "allocator-fragmentation.ratio": ratio(held, allocated),
    "allocator-fragmentation.bytes": held - allocated,
    "allocator-rss.ratio": new Fraction(1),
    "allocator-rss.bytes": 0,
    "rss-overhead.ratio": ratio(rss, held),
    "rss-overhead.bytes": rss - held,
    "fragmentation": ratio(rss, used),
    "fragmentation.bytes": rss - used,
  };
}

export function replyMemoryStats(reply: ReplyWriter, report: MemoryReport): void {
  const before = Object.entries(figuresBefore(report));
  const after = Object.entries(figuresAfter(report));
  reply.map(before.length + report.databases.length + after.length);
  for (const [name, figure] of before) replyFigure(reply, name, figure);
  for (const { index, tableBytes, expiresBytes } of report.databases) {
    reply.bulkText(`db.${index}`);
    reply.map(3);
    replyFigure(reply, "overhead.hashtable.main", tableBytes);
    replyFigure(reply, "overhead.hashtable.expires", expiresBytes);
    replyFigure(reply, "overhead.hashtable.slot-to-keys", 0);
  }
  for (const [name, figure] of after) replyFigure(reply, name, figure);
}

function replyFigure(reply: ReplyWriter, name: string, figure: number | Fraction): void {
  reply.bulkText(name);
  if (typeof figure === "number") reply.integer(figure);
  else reply.double(figure.value);
}
