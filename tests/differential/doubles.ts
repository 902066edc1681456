/**
 * Doubles in replies. redis-server 7.0 spells them with 17 significant digits, later versions and
 * Keyrex with as few as will do; a table of what is newer than 7.0 has examples.
 */
import { formatDouble17, formatDoubleShortest } from "../../src/memory/double.ts";
import type { Reply } from "../support/reply.ts";

/** The reply with each double of 17 digits spelled briefly; all else stays as it is. */
export function withBriefDoubles(reply: Reply): Reply {
  if ("items" in reply) return { type: reply.type, items: reply.items.map(withBriefDoubles) };
  if (!("text" in reply) || !(reply.type === "$" || reply.type === ",")) return reply;
  return { ...reply, text: brief(reply.text) };
}

function brief(text: string): string {
  if (!/^-?\d/.test(text)) return text;
  const value = Number(text);
  return formatDouble17(value) === text ? formatDoubleShortest(value) : text;
}
