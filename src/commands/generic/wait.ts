/** WAIT and WAITAOF: for replicas, and for the disk, to have what the connection has written. */
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import type { Client } from "../context.ts";
import { arg, commandTable } from "../spec.ts";

export const WAITAOF_WITHOUT_AOF = new ReplyError(
  "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.",
);
const NUMLOCAL_OUT_OF_RANGE = new ReplyError(
  "ERR value is out of range, value must between 0 and 1",
);
const NUMREPLICAS_NEGATIVE = new ReplyError("ERR value is out of range, must be positive");

// ---------------------------------------------------------------- handlers

/** There are no replicas, so whoever wants some waits until the time is over. */
function waitCommand(client: Client, args: Args): void {
  const wanted = args.integer(1);
  const timeoutMs = args.timeoutMilliseconds(2);
  if (wanted <= 0) client.reply.integer(0);
  else client.server.blocking.block(client, timeoutMs, (reply) => reply.integer(0));
}

function waitaofCommand(client: Client, args: Args): void {
  const local = args.integer(1);
  if (local < 0 || local > 1) throw NUMLOCAL_OUT_OF_RANGE;
  const replicas = args.integer(2);
  if (replicas < 0) throw NUMREPLICAS_NEGATIVE;
  const timeoutMs = args.timeoutMilliseconds(3);
  const { appendOnly, blocking, localWaits } = client.server;
  if (local > 0 && !appendOnly.isOn) throw WAITAOF_WITHOUT_AOF;
  const isSynced = () => appendOnly.isOn && appendOnly.syncedBytes >= appendOnly.toldBytes;
  if (replicas > 0) {
    blocking.block(client, timeoutMs, (reply) => writeAcknowledged(reply, isSynced()));
  } else if (local === 0 || isSynced()) {
    writeAcknowledged(client.reply, isSynced());
  } else {
    localWaits.hold(client, timeoutMs);
  }
}

/** The reply of WAITAOF: how many logs of this server, and how many replicas, have it on the disk. */
export function writeAcknowledged(reply: ReplyWriter, isLocal: boolean): void {
  reply.array(2);
  reply.integer(isLocal ? 1 : 0);
  reply.integer(0);
}

// ---------------------------------------------------------------- the table

export const waitCommands = commandTable("generic", [
  {
    name: "wait",
    arity: 3,
    flags: ["noscript"],
    acl: ["connection"],
    ofGroupCategory: false,
    args: [arg.integer("numreplicas"), arg.integer("timeout")],
    tips: ["request_policy:all_shards", "response_policy:agg_min"],
    since: "3.0.0",
    complexity: "O(1)",
    summary: "Waits until replicas have all that the connection has written, or for a time.",
    handler: waitCommand,
  },
  {
    name: "waitaof",
    arity: 4,
    flags: ["noscript"],
    acl: ["connection"],
    ofGroupCategory: false,
    args: [arg.integer("numlocal"), arg.integer("numreplicas"), arg.integer("timeout")],
    tips: ["request_policy:all_shards", "response_policy:agg_min"],
    since: "7.2.0",
    complexity: "O(1)",
    summary:
      "Waits until the disks of the server, and of replicas, have all that the connection has " +
      "written, or for a time.",
    handler: waitaofCommand,
  },
]);
