/** LMOVE and RPOPLPUSH: an element goes from one list to another, or from one end of a list to the other. */
import type { Database } from "../../keyspace/database.ts";
import { EventClass } from "../../keyspace/events.ts";
import {
  createList,
  type ListCursor,
  makeRoom,
  pushTo,
  readIn,
  seekIn,
} from "../../keyspace/types/list_value.ts";
import { copyBytes } from "../../memory/bytes.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import { Element } from "../../structures/listpack.ts";
import type { Client } from "../context.ts";
import { lookupWrite, wrote } from "../lookup.ts";
import { arg, commandTable, key } from "../spec.ts";
import { dropEnd, endArgument, isLeft, popped } from "./ends.ts";

const SOURCE = 1;
const DESTINATION = 2;

const cursor: ListCursor = { node: 0, pos: 0 };
const view = new Element();
/** Where an element stays while its own list is changed; longer ones get an array of their own. */
const scratch = new Uint8Array(1024);

/**
 * Moves an element from the list at argument 1 to the one at argument 2, and replies with it. False,
 * without a reply, when there is none.
 */
export function move(client: Client, args: Args, fromHead: boolean, toHead: boolean): boolean {
  const { db, reply } = client;
  const source = lookupWrite(client, args, SOURCE, TypeId.LIST);
  if (source === 0) return false;
  const destination = lookupWrite(client, args, DESTINATION, TypeId.LIST);
  const isSame = source === destination;
  seekIn(db, source, fromHead ? 0 : -1, cursor);
  readIn(db, source, cursor, view);
  if (isSame) takeOut(view);
  // What goes to the end it comes from stays where it is. Else it is added before it is removed, so
  // that it is not lost when memory runs out.
  const stays = isSame && fromHead === toHead;
  if (!stays) pushView(db, args, destination, toHead);
  reply.bulk(view.buf, view.start, view.end);
  wrote(client, args, DESTINATION, EventClass.LIST, toHead ? "lpush" : "rpush");
  if (stays) popped(client, args, SOURCE, source, fromHead, 1);
  else dropEnd(client, args, SOURCE, source, fromHead, 1);
  tellMoved(client, args, fromHead, toHead);
  return true;
}

/** Tells it without waiting: a command that waits for its element may be answered late. */
function tellMoved(client: Client, args: Args, fromHead: boolean, toHead: boolean): void {
  const { db, server: { effects } } = client;
  if (!effects.active) return;
  effects.command(db.index, 5).word("LMOVE").argument(args, SOURCE).argument(args, DESTINATION)
    .word(fromHead ? "LEFT" : "RIGHT").word(toHead ? "LEFT" : "RIGHT");
}

/** Adds what the view shows to a list, which is made when it is 0. */
function pushView(db: Database, args: Args, destination: number, toHead: boolean): void {
  const { buf, start, end } = view;
  let entry = destination;
  if (entry === 0) {
    entry = createList(
      db,
      args.bufs[DESTINATION],
      args.starts[DESTINATION],
      args.ends[DESTINATION],
    );
  }
  try {
    makeRoom(db, entry, end - start, 1);
    pushTo(db, entry, toHead, buf, start, end);
  } catch (failure) {
    if (destination === 0) db.removeEntry(entry, false);
    throw failure;
  }
}

/** Copies what a view shows out of the list. */
function takeOut(view: Element): void {
  const { buf, start, end } = view;
  const length = end - start;
  view.buf = length <= scratch.length ? scratch : new Uint8Array(length);
  copyBytes(view.buf, 0, buf, start, end);
  view.start = 0;
  view.end = length;
}

function lmoveCommand(client: Client, args: Args): void {
  const fromHead = isLeft(args, 3);
  const toHead = isLeft(args, 4);
  if (!move(client, args, fromHead, toHead)) client.reply.nullBulk();
}

function rpoplpushCommand(client: Client, args: Args): void {
  if (!move(client, args, false, true)) client.reply.nullBulk();
}

export const MOVE_KEYS = [
  key({ at: SOURCE, access: "rw", does: ["access", "delete"] }),
  key({ at: DESTINATION, access: "rw", does: "insert" }),
];
export const MOVE_LISTS = [arg.key("source"), arg.key("destination", { keySpec: 1 })];

export const moveCommands = commandTable("list", [
  {
    name: "lmove",
    arity: 5,
    flags: ["write", "denyoom"],
    keys: MOVE_KEYS,
    args: [...MOVE_LISTS, endArgument("wherefrom"), endArgument("whereto")],
    since: "6.2.0",
    complexity: "O(1)",
    summary: "Moves an element from an end of a list to an end of another, and returns it.",
    handler: lmoveCommand,
  },
  {
    name: "rpoplpush",
    arity: 3,
    flags: ["write", "denyoom"],
    keys: MOVE_KEYS,
    args: MOVE_LISTS,
    since: "1.2.0",
    complexity: "O(1)",
    summary: "Moves the last element of a list to the head of another, and returns it.",
    deprecated: { since: "6.2.0", replacedBy: "`LMOVE` with the `RIGHT` and `LEFT` arguments" },
    handler: rpoplpushCommand,
  },
]);
