/** LPUSH, RPUSH, LPUSHX and RPUSHX. */
import type { Database } from "../../keyspace/database.ts";
import { EventClass } from "../../keyspace/events.ts";
import { createList, listLength, makeRoom, pushTo } from "../../keyspace/types/list_value.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { lookupWrite, wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { addDirt } from "./ends.ts";

/** The first argument that is an element. */
const FIRST_ELEMENT = 2;

function push(client: Client, args: Args, atHead: boolean): void {
  const { db } = client;
  let entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) entry = pushToNew(db, args, atHead);
  else pushAll(db, args, entry, atHead);
  pushed(client, args, entry, atHead);
}

function pushIfExists(client: Client, args: Args, atHead: boolean): void {
  const entry = lookupWrite(client, args, 1, TypeId.LIST);
  if (entry === 0) return client.reply.integer(0);
  pushAll(client.db, args, entry, atHead);
  pushed(client, args, entry, atHead);
}

/** Adds all elements of the request, one after the other. */
function pushAll(db: Database, args: Args, entry: number, atHead: boolean): void {
  let bytes = 0;
  for (let i = FIRST_ELEMENT; i < args.count; i++) bytes += args.length(i);
  makeRoom(db, entry, bytes, args.count - FIRST_ELEMENT);
  for (let i = FIRST_ELEMENT; i < args.count; i++) {
    pushTo(db, entry, atHead, args.bufs[i], args.starts[i], args.ends[i]);
  }
}

/** As {@link pushAll}, to a new list, which does not stay without elements when memory runs out. */
function pushToNew(db: Database, args: Args, atHead: boolean): number {
  const entry = createList(db, args.bufs[1], args.starts[1], args.ends[1]);
  try {
    pushAll(db, args, entry, atHead);
  } catch (failure) {
    if (listLength(db, entry) === 0) db.removeEntry(entry, false);
    throw failure;
  }
  return entry;
}

/** Replies with the list's length, and tells what has happened. */
function pushed(client: Client, args: Args, entry: number, atHead: boolean): void {
  client.reply.integer(listLength(client.db, entry));
  wrote(client, args, 1, EventClass.LIST, atHead ? "lpush" : "rpush");
  addDirt(client, args.count - FIRST_ELEMENT - 1);
}

function lpushCommand(client: Client, args: Args): void {
  push(client, args, true);
}

function rpushCommand(client: Client, args: Args): void {
  push(client, args, false);
}

function lpushxCommand(client: Client, args: Args): void {
  pushIfExists(client, args, true);
}

function rpushxCommand(client: Client, args: Args): void {
  pushIfExists(client, args, false);
}

const KEYS = [key({ at: 1, access: "rw", does: "insert" })];
const ARGS = [arg.key(), arg.string("element", { multiple: true })];
const SEVERAL = [["2.4.0", "Takes several elements."]] as const;
const SEVERAL_IF_EXISTS = [["4.0.0", "Takes several elements."]] as const;

export const pushCommands = commandTable("list", [
  {
    name: "lpush",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: KEYS,
    args: ARGS,
    since: "1.0.0",
    complexity: "O(1) for each element",
    summary: "Adds elements at the head of a list, creating the list when it is missing.",
    history: SEVERAL,
    handler: lpushCommand,
  },
  {
    name: "lpushx",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: KEYS,
    args: ARGS,
    since: "2.2.0",
    complexity: "O(1) for each element",
    summary: "Adds elements at the head of a list if the list exists.",
    history: SEVERAL_IF_EXISTS,
    handler: lpushxCommand,
  },
  {
    name: "rpush",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: KEYS,
    args: ARGS,
    since: "1.0.0",
    complexity: "O(1) for each element",
    summary: "Adds elements at the tail of a list, creating the list when it is missing.",
    history: SEVERAL,
    handler: rpushCommand,
  },
  {
    name: "rpushx",
    arity: -3,
    flags: ["write", "denyoom", "fast"],
    keys: KEYS,
    args: ARGS,
    since: "2.2.0",
    complexity: "O(1) for each element",
    summary: "Adds elements at the tail of a list if the list exists.",
    history: SEVERAL_IF_EXISTS,
    handler: rpushxCommand,
  },
]);
