/** What commands share that take something from one of their keys, or wait until one has something. */
import type { Args } from "../resp/args.ts";
import type { ReplyWriter } from "../resp/writer.ts";
import type { Client, KeyWait } from "./context.ts";
import type { Handler } from "./spec.ts";

/**
 * Takes something from the key at argument `i` and replies; false, without a reply, when the key is
 * missing. Throws WRONGTYPE.
 */
export type PopFromKey = (client: Client, args: Args, i: number) => boolean;

/**
 * The handler of `NAME key [key …] timeout`: pops from the first of the keys that is there, or waits.
 *
 * @param typeId What the keys must be, one of TypeId.
 */
export function popOrWait(typeId: number, popFromKey: PopFromKey): Handler {
  const popFromSome = (client: Client, args: Args): boolean => {
    for (let i = 1; i <= args.count - 2; i++) if (popFromKey(client, args, i)) return true;
    return false;
  };
  const how: KeyWait = { typeId, serve: popFromSome, atTimeout: replyNullArray };
  return (client, args) => {
    const keyCount = args.count - 2;
    const timeoutMs = args.timeoutSeconds(args.count - 1);
    if (popFromSome(client, args)) return;
    client.server.blocking.blockOnKeys(client, args, 1, keyCount, timeoutMs, how);
  };
}

export function replyNullArray(reply: ReplyWriter): void {
  reply.nullArray();
}
