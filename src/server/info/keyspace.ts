/** INFO keyspace: one line for each database that holds keys. */
import type { Server } from "../server.ts";
import type { Fields } from "./mod.ts";

export function keyspaceSection({ keyspace, nowMs }: Server): Fields {
  const fields: Fields = {};
  for (const db of [...keyspace.used].sort((a, b) => a.index - b.index)) {
    if (db.size === 0) continue;
    const averageTtlMs = db.expires.averageTtlMs(nowMs);
    fields[`db${db.index}`] = `keys=${db.size},expires=${db.expires.size},` +
      `avg_ttl=${averageTtlMs},subexpiry=${db.fields.size}`;
  }
  return fields;
}
