/** COMMAND INFO: what a client must know to route a command, as an array of ten elements. */
import type { ReplyWriter } from "../../resp/writer.ts";
import { categoryNames, flagNames } from "../registry.ts";
import type { Command, KeySpec } from "../spec.ts";

/** Describes a command and its subcommands. */
export function replyInfo(reply: ReplyWriter, command: Command): void {
  reply.array(10);
  reply.bulkText(command.fullName);
  reply.integer(command.arity);
  replyStatusSet(reply, flagNames(command));
  for (const position of command.legacyRange) reply.integer(position);
  replyStatusSet(reply, categoryNames(command).map((name) => `@${name}`));
  const { tips = [], keys = [], children } = command;
  reply.set(tips.length);
  for (const tip of tips) reply.bulkText(tip);
  reply.set(keys.length);
  for (const spec of keys) replyKeySpec(reply, spec);
  // Subcommands are an array, but the lack of them is a set, as in Redis.
  if (children.length === 0) reply.set(0);
  else reply.array(children.length);
  for (const child of children) replyInfo(reply, child);
}

/** What a command does with a key, in the words of COMMAND INFO and COMMAND GETKEYSANDFLAGS. */
export function replyKeyFlags(reply: ReplyWriter, { access, does, other }: KeySpec): void {
  const accesses = access === null ? [] : [access.toUpperCase()];
  replyStatusSet(reply, [...accesses, ...does, ...other]);
}

function replyKeySpec(reply: ReplyWriter, spec: KeySpec): void {
  const { begin, find, notes } = spec;
  reply.map(notes === undefined ? 3 : 4);
  if (notes !== undefined) {
    reply.bulkText("notes");
    reply.bulkText(notes);
  }
  reply.bulkText("flags");
  replyKeyFlags(reply, spec);
  reply.bulkText("begin_search");
  if ("unknown" in begin) {
    replySearch(reply, "unknown", {});
  } else if ("at" in begin) {
    replySearch(reply, "index", { index: begin.at });
  } else {
    replySearch(reply, "keyword", { keyword: begin.keyword, startfrom: begin.from });
  }
  reply.bulkText("find_keys");
  if ("unknown" in begin) {
    replySearch(reply, "unknown", {});
  } else if ("count" in find) {
    const { count, first, step } = find;
    replySearch(reply, "keynum", { keynumidx: count, firstkey: first, keystep: step });
  } else {
    const { last, step, limit } = find;
    replySearch(reply, "range", { lastkey: last, keystep: step, limit });
  }
}

/** One of the two steps by which keys are found, and its parameters. */
function replySearch(
  reply: ReplyWriter,
  type: string,
  parameters: Readonly<Record<string, string | number>>,
): void {
  const entries = Object.entries(parameters);
  reply.map(2);
  reply.bulkText("type");
  reply.bulkText(type);
  reply.bulkText("spec");
  reply.map(entries.length);
  for (const [name, value] of entries) {
    reply.bulkText(name);
    if (typeof value === "number") reply.integer(value);
    else reply.bulkText(value);
  }
}

function replyStatusSet(reply: ReplyWriter, words: readonly string[]): void {
  reply.set(words.length);
  for (const word of words) reply.simple(word);
}
