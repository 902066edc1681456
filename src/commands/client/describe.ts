/** A client as CLIENT LIST and the log show it. */
import { CHUNK_BYTES } from "../../resp/output_pool.ts";
import { type Client, ClientFlag } from "../context.ts";

/** The letters of the `flags` field, in the order in which they stand there. */
const LETTERS: readonly (readonly [flag: number, letter: string])[] = [
  [ClientFlag.MONITOR, "O"],
  [ClientFlag.PUBSUB, "P"],
  [ClientFlag.MULTI, "x"],
  [ClientFlag.PAUSED | ClientFlag.BLOCKED, "b"],
  [ClientFlag.DIRTY_CAS, "d"],
  [ClientFlag.CLOSE_AFTER_REPLY, "c"],
  [ClientFlag.CLOSE_ASAP, "A"],
];
const LAST_LETTERS: readonly (readonly [flag: number, letter: string])[] = [
  [ClientFlag.TRACKING, "t"],
  [ClientFlag.TRACKING_BROKEN, "R"],
  [ClientFlag.TRACKING_BCAST, "B"],
  [ClientFlag.NO_EVICT, "e"],
  [ClientFlag.NO_TOUCH, "T"],
];

/** One line of CLIENT LIST, without the line feed: fields `name=value`, parted by spaces. */
export function describeClient(client: Client): string {
  const { reply, server } = client;
  const { nowMs, pubsub, tracking, transactions } = server;
  const listBytes = reply.memoryBytes - Math.min(reply.memoryBytes, CHUNK_BYTES);
  const fields = {
    id: client.id,
    addr: client.address,
    laddr: client.localAddress,
    fd: client.fd,
    name: client.name,
    age: Math.floor((nowMs - client.createdMs) / 1000),
    idle: Math.floor((nowMs - client.lastInteractionMs) / 1000),
    flags: flagLetters(client),
    db: client.db.index,
    sub: pubsub.namesOf(client, "channel").length,
    psub: pubsub.namesOf(client, "pattern").length,
    ssub: pubsub.namesOf(client, "shard").length,
    multi: client.flags & ClientFlag.MULTI ? transactions.queuedCount(client) : -1,
    watch: transactions.watchedCount(client),
    qbuf: client.queryBufferUsed,
    "qbuf-free": Math.max(0, client.queryBufferSize - client.queryBufferUsed),
    "argv-mem": 0,
    "multi-mem": transactions.queuedBytes(client),
    rbs: reply.memoryBytes,
    rbp: reply.memoryBytes,
    // What waits to be sent, up to the size of Redis's fixed buffer; chunks and memory beyond it.
    obl: Math.min(reply.pendingBytes, CHUNK_BYTES),
    oll: listBytes > 0 ? reply.chunkCount : 0,
    omem: listBytes,
    "tot-mem": client.memoryBytes,
    events: listBytes > 0 ? "rw" : "r",
    cmd: client.lastCommand?.fullName ?? "NULL",
    user: client.user.shownName,
    redir: tracking.redirectOf(client),
    resp: reply.proto,
    "lib-name": client.libName,
    "lib-ver": client.libVersion,
  };
  return Object.entries(fields).map(([name, value]) => `${name}=${value}`).join(" ");
}

function flagLetters({ flags, isUnix }: Client): string {
  let letters = "";
  for (const [flag, letter] of LETTERS) if (flags & flag) letters += letter;
  if (isUnix) letters += "U";
  for (const [flag, letter] of LAST_LETTERS) if (flags & flag) letters += letter;
  return letters === "" ? "N" : letters;
}
