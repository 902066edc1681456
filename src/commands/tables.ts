/** All command tables: what the server can do is what stands here. */
import { aclCommands } from "./acl/mod.ts";
import { bitCommands } from "./bitmap/bits.ts";
import { bitfieldCommands } from "./bitmap/bitfield.ts";
import { bitopCommands } from "./bitmap/bitop.ts";
import { commandCommands } from "./command.ts";
import { configCommands } from "./config.ts";
import { connectionCommands } from "./connection.ts";
import { debugCommands } from "./debug/mod.ts";
import { dumpCommands } from "./generic/dump.ts";
import { expireCommands } from "./generic/expire.ts";
import { keyCommands } from "./generic/keys.ts";
import { objectCommands } from "./generic/object.ts";
import { scanCommands } from "./generic/scan.ts";
import { waitCommands } from "./generic/wait.ts";
import { geoAddCommands } from "./geo/add.ts";
import { geoPositionCommands } from "./geo/positions.ts";
import { geoSearchCommands } from "./geo/search.ts";
import { hashCounterCommands } from "./hash/counters.ts";
import { hashExpireCommands } from "./hash/expire.ts";
import { hashFieldCommands } from "./hash/fields.ts";
import { hashSetexCommands } from "./hash/setex.ts";
import { hashTakeCommands } from "./hash/take.ts";
import { hashWalkCommands } from "./hash/walk.ts";
import { hyperloglogCommands } from "./hyperloglog.ts";
import { infoCommands } from "./info.ts";
import { latencyCommands } from "./latency.ts";
import { lcsCommands } from "./lcs.ts";
import { blockingListCommands } from "./list/blocking.ts";
import { listEditCommands } from "./list/edit.ts";
import { moveCommands } from "./list/move.ts";
import { popCommands } from "./list/pop.ts";
import { pushCommands } from "./list/push.ts";
import { listReadCommands } from "./list/read.ts";
import { lolwutCommands } from "./lolwut.ts";
import { memoryCommands } from "./memory.ts";
import { moduleCommands } from "./module.ts";
import { monitorCommands } from "./monitor.ts";
import { persistenceCommands } from "./persistence.ts";
import { pubsubCommands } from "./pubsub.ts";
import { serverCommands } from "./server.ts";
import { setAlgebraCommands } from "./set/algebra.ts";
import { setMemberCommands } from "./set/members.ts";
import { setRandomCommands } from "./set/random.ts";
import { shutdownCommands } from "./shutdown.ts";
import { slowlogCommands } from "./slowlog.ts";
import { blockingSortedSetCommands } from "./sorted_set/blocking.ts";
import { sortCommands } from "./sort/sort.ts";
import { sortedSetAlgebraCommands } from "./sorted_set/algebra.ts";
import { sortedSetMemberCommands } from "./sorted_set/members.ts";
import { sortedSetRangeCommands } from "./sorted_set/ranges.ts";
import { sortedSetRemovalCommands } from "./sorted_set/removal.ts";
import { sortedSetSampleCommands } from "./sorted_set/samples.ts";
import { sortedSetStoreCommands } from "./sorted_set/store.ts";
import type { CommandTable } from "./spec.ts";
import { streamClaimCommands } from "./stream/claim.ts";
import { streamGroupReadCommands } from "./stream/group_read.ts";
import { streamGroupCommands } from "./stream/groups.ts";
import { streamInfoCommands } from "./stream/info.ts";
import { streamPendingCommands } from "./stream/pending.ts";
import { streamReadCommands } from "./stream/read.ts";
import { streamWriteCommands } from "./stream/write.ts";
import { stringCommands } from "./string.ts";
import { transactionCommands } from "./transactions.ts";

export const COMMAND_TABLES: readonly CommandTable[] = [
  aclCommands,
  bitCommands,
  bitfieldCommands,
  bitopCommands,
  commandCommands,
  configCommands,
  connectionCommands,
  debugCommands,
  dumpCommands,
  expireCommands,
  geoAddCommands,
  geoPositionCommands,
  geoSearchCommands,
  hashCounterCommands,
  hashExpireCommands,
  hashFieldCommands,
  hashSetexCommands,
  hashTakeCommands,
  hashWalkCommands,
  hyperloglogCommands,
  infoCommands,
  keyCommands,
  latencyCommands,
  lcsCommands,
  blockingListCommands,
  blockingSortedSetCommands,
  listEditCommands,
  listReadCommands,
  lolwutCommands,
  memoryCommands,
  moduleCommands,
  monitorCommands,
  moveCommands,
  objectCommands,
  persistenceCommands,
  popCommands,
  pubsubCommands,
  pushCommands,
  scanCommands,
  serverCommands,
  setAlgebraCommands,
  setMemberCommands,
  setRandomCommands,
  shutdownCommands,
  slowlogCommands,
  sortCommands,
  sortedSetAlgebraCommands,
  sortedSetMemberCommands,
  sortedSetRangeCommands,
  sortedSetRemovalCommands,
  sortedSetSampleCommands,
  sortedSetStoreCommands,
  streamClaimCommands,
  streamGroupCommands,
  streamGroupReadCommands,
  streamInfoCommands,
  streamPendingCommands,
  streamReadCommands,
  streamWriteCommands,
  stringCommands,
  transactionCommands,
  waitCommands,
];
