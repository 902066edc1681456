/** All tables of cases: add a new one here. */
import type { Table } from "../scenario.ts";
import { aclTable } from "./acl.ts";
import { newerAclTable } from "./acl_newer.ts";
import { appendOnlyTable, newerAppendOnlyTable } from "./append_only.ts";
import { bitmapTable } from "./bitmap.ts";
import { blockingTable } from "./blocking.ts";
import { newerBlockingTable } from "./blocking_newer.ts";
import { blockingGeoTable } from "./blocking_geo.ts";
import { blockingSortTable } from "./blocking_sort.ts";
import { connectionTable } from "./connection.ts";
import { debugTable } from "./debug.ts";
import { dumpTable } from "./dump.ts";
import { expiryTable } from "./expiry.ts";
import { genericTable } from "./generic.ts";
import { geoTable } from "./geo.ts";
import { hashTable } from "./hash.ts";
import { hashExpireTable } from "./hash_expire.ts";
import { newerHashTable } from "./hash_newer.ts";
import { hyperloglogTable } from "./hyperloglog.ts";
import { introspectionTable } from "./introspection.ts";
import { listTable } from "./list.ts";
import { maxmemoryTable } from "./maxmemory.ts";
import { newerTable } from "./newer.ts";
import { notificationsTable } from "./notifications.ts";
import { protocolTable } from "./protocol.ts";
import { pubsubTable } from "./pubsub.ts";
import { serverTable } from "./server.ts";
import { setTable } from "./set.ts";
import { sortTable } from "./sort.ts";
import { sortedSetTable } from "./sorted_set.ts";
import { newerSortedSetTable } from "./sorted_set_newer.ts";
import { streamTable } from "./stream.ts";
import { newerStreamTable } from "./stream_newer.ts";
import { streamGroupTable } from "./stream_groups.ts";
import { stringTable } from "./string.ts";
import { trackingTable } from "./tracking.ts";
import { transactionsTable } from "./transactions.ts";
import { wrongTypeTable } from "./wrong_type.ts";

export const tables: readonly Table[] = [
  protocolTable,
  connectionTable,
  aclTable,
  newerAclTable,
  serverTable,
  introspectionTable,
  debugTable,
  genericTable,
  dumpTable,
  appendOnlyTable,
  expiryTable,
  stringTable,
  sortedSetTable,
  geoTable,
  sortTable,
  bitmapTable,
  hyperloglogTable,
  hashTable,
  hashExpireTable,
  newerHashTable,
  setTable,
  listTable,
  streamTable,
  blockingTable,
  blockingSortTable,
  blockingGeoTable,
  streamGroupTable,
  pubsubTable,
  notificationsTable,
  transactionsTable,
  trackingTable,
  maxmemoryTable,
  newerTable,
  newerAppendOnlyTable,
  newerSortedSetTable,
  newerStreamTable,
  newerBlockingTable,
  wrongTypeTable,
];
