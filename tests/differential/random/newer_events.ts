/**
 * Events that Keyrex sends and redis-server 7.0 does not: since 7.2 a consumer is there as soon as it
 * has asked for anything, so that it comes, and can go, without ever having been given an entry.
 */
import { latin1Text } from "../../support/latin1.ts";

const NEWER = ["xgroup-createconsumer", "xgroup-delconsumer"];

/** Whether a message about an event, as its bytes came, is not to be compared. */
export function isNewerEvent(message: Uint8Array): boolean {
  const text = latin1Text(message);
  return NEWER.some((event) => text.includes(event));
}
