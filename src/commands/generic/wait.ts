/** WAIT: for replicas that have what the connection has written. */
import type { Args } from "../../resp/args.ts";
import type { Client } from "../context.ts";
import { arg, commandTable } from "../spec.ts";

/** There are no replicas, so whoever wants some waits until the time is over. */
function waitCommand(client: Client, args: Args): void {
  const wanted = args.integer(1);
  const timeoutMs = args.timeoutMilliseconds(2);
  if (wanted <= 0) client.reply.integer(0);
  else client.server.blocking.block(client, timeoutMs, (reply) => reply.integer(0));
}

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
]);
