/** SORT and SORT_RO: the elements of a list, a set or a sorted set in order. */
import { EventClass } from "../../keyspace/events.ts";
import { createListDraft, makeRoom, pushTo } from "../../keyspace/types/list_value.ts";
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { TypeId } from "../../structures/entry.ts";
import type { Client } from "../context.ts";
import { WRONG_TYPE } from "../errors.ts";
import { arg, commandTable, type FoundKey, key } from "../spec.ts";
import { elementCount, SortElements } from "./elements.ts";
import { readSortOptions, type SortOptions } from "./options.ts";

const NO_NUMBERS = new ReplyError("ERR One or more scores can't be converted into double");

const NOTHING = new Uint8Array(0);

const elements = new SortElements();

/** The places in the sorted order that are wanted, `last` included; none when it is below `first`. */
interface Places {
  first: number;
  last: number;
}

function sortCommand(client: Client, args: Args): void {
  sort(client, args, true);
}

function sortroCommand(client: Client, args: Args): void {
  sort(client, args, false);
}

function sort(client: Client, args: Args, mayStore: boolean): void {
  const options = readSortOptions(client, args, mayStore);
  const { db } = client;
  const entry = db.lookupRead(args.bufs[1], args.starts[1], args.ends[1]);
  const type = entry === 0 ? TypeId.LIST : db.type(entry);
  if (type !== TypeId.LIST && type !== TypeId.SET && type !== TypeId.ZSET) throw WRONG_TYPE;
  if (options.isUnsorted && type === TypeId.SET && options.storeArg !== 0) sortAnyway(options);
  try {
    const places = loadAndSort(client, entry, type, options);
    if (options.storeArg === 0) show(client, options, places);
    else store(client, args, options, places);
  } finally {
    elements.clear();
  }
}

/** The order of a set is nobody's; what is stored must be the same on every server. */
function sortAnyway(options: SortOptions): void {
  options.isUnsorted = false;
  options.isAlpha = true;
  options.by = null;
}

/** Puts the elements in order. @returns Which of them are wanted. */
function loadAndSort(client: Client, entry: number, type: number, options: SortOptions): Places {
  const length = elementCount(client, entry);
  const places = placesOf(options, length);
  const { first, last } = places;
  if (!options.isUnsorted) {
    elements.load(client, entry, 0, length, false);
    if (!elements.sort(client, options, first, last)) throw NO_NUMBERS;
    return places;
  }
  if (type === TypeId.SET) {
    elements.load(client, entry, 0, length, false);
    return places;
  }
  // What has an order of its own is read only where it is wanted.
  elements.load(client, entry, first, last - first + 1, options.isDescending);
  return { first: 0, last: last - first };
}

function placesOf({ offset, count }: SortOptions, length: number): Places {
  const first = Math.min(Math.max(offset, 0), length);
  const wanted = Math.min(Math.max(count, -1), length);
  if (first >= length) return { first: 0, last: -1 };
  return { first, last: Math.min(wanted < 0 ? length : first + wanted, length) - 1 };
}

function show(client: Client, { gets }: SortOptions, { first, last }: Places): void {
  const { reply } = client;
  const { bytes, starts, ends } = elements.rows;
  const count = last - first + 1;
  reply.array(gets.length === 0 ? count : count * gets.length);
  for (let place = first; place <= last; place++) {
    const row = elements.order[place];
    if (gets.length === 0) reply.bulk(bytes, starts[row], ends[row]);
    for (const get of gets) {
      if (!get.find(client, bytes, starts[row], ends[row])) reply.nullBulk();
      else reply.bulk(get.value.buf, get.value.start, get.value.end);
    }
  }
}

/** Makes a list of the result the value of the key at `storeArg`; replies with its length. */
function store(client: Client, args: Args, options: SortOptions, places: Places): void {
  const { db } = client;
  const { storeArg, gets } = options;
  const buf = args.bufs[storeArg];
  const start = args.starts[storeArg];
  const end = args.ends[storeArg];
  const length = Math.max(1, gets.length) * (places.last - places.first + 1);
  if (length > 0) {
    const draft = createListDraft(db, buf, start, end);
    try {
      fill(client, draft, options, places);
    } catch (failure) {
      db.discard(draft);
      throw failure;
    }
    db.put(draft);
    db.keyspace.counters.dirty += length - 1;
    db.changed(buf, start, end, EventClass.LIST, "sortstore");
  } else if (db.delete(buf, start, end)) {
    db.changed(buf, start, end, EventClass.GENERIC, "del");
  }
  client.reply.integer(length);
}

/** Adds the result to a list; what is missing becomes an empty string. */
function fill(client: Client, list: number, { gets }: SortOptions, places: Places): void {
  const { bytes, starts, ends } = elements.rows;
  for (let place = places.first; place <= places.last; place++) {
    const row = elements.order[place];
    if (gets.length === 0) append(client, list, bytes, starts[row], ends[row]);
    for (const get of gets) {
      if (!get.find(client, bytes, starts[row], ends[row])) append(client, list, NOTHING, 0, 0);
      else append(client, list, get.value.buf, get.value.start, get.value.end);
    }
  }
}

function append(
  { db }: Client,
  list: number,
  buf: Uint8Array,
  start: number,
  end: number,
): void {
  makeRoom(db, list, end - start, 1);
  pushTo(db, list, false, buf, start, end);
}

// ---------------------------------------------------------------- the table

const LIMIT = keyword("LIMIT");
const BY = keyword("BY");
const GET = keyword("GET");
const STORE = keyword("STORE");

const SORTED = key({ at: 1, access: "ro", does: "access" });
const NAMED_BY_ELEMENTS = key({
  unknown: true,
  access: "ro",
  does: "access",
  notes: "The keys of `BY` and `GET` have elements in their names.",
});
const STORED = key({
  unknown: true,
  access: "ow",
  does: "update",
  notes: "`STORE` may stand anywhere among the options.",
});

/** The key that is sorted, and the one behind the last STORE. */
function findSortKeys(args: Args): FoundKey[] {
  const keys: FoundKey[] = [{ index: 1, spec: SORTED }];
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, LIMIT)) i += 2;
    else if (args.is(i, BY) || args.is(i, GET)) i++;
    else if (args.is(i, STORE) && i + 1 < args.count) keys[1] = { index: i + 1, spec: STORED };
  }
  return keys;
}

function findSortedKey(): FoundKey[] {
  return [{ index: 1, spec: SORTED }];
}

const ARGS = [
  arg.key(),
  arg.pattern("pattern", { token: "BY", keySpec: 1, optional: true }),
  arg.block("offset_count", [arg.integer("offset"), arg.integer("count")], {
    token: "LIMIT",
    optional: true,
  }),
  arg.pattern("pattern", {
    token: "GET",
    keySpec: 1,
    optional: true,
    multiple: true,
    multipleToken: true,
  }),
  arg.oneOf("order", [arg.token("ASC"), arg.token("DESC")], { optional: true }),
  arg.token("ALPHA", { name: "sorting", optional: true }),
];
const COMPLEXITY =
  "O(N + M log M), N being the number of elements and M that of those shown; O(N) unsorted";

export const sortCommands = commandTable("generic", [
  {
    name: "sort",
    arity: -2,
    flags: ["write", "denyoom"],
    acl: ["set", "sortedset", "list", "dangerous"],
    ofGroupCategory: false,
    keys: [SORTED, NAMED_BY_ELEMENTS, STORED],
    findKeys: findSortKeys,
    args: [...ARGS, arg.key("destination", { token: "STORE", keySpec: 2, optional: true })],
    since: "1.0.0",
    complexity: COMPLEXITY,
    summary: "Puts the elements of a list, a set or a sorted set in order; shows or stores them.",
    handler: sortCommand,
  },
  {
    name: "sort_ro",
    arity: -2,
    flags: ["readonly"],
    acl: ["set", "sortedset", "list", "dangerous"],
    ofGroupCategory: false,
    keys: [SORTED, NAMED_BY_ELEMENTS],
    findKeys: findSortedKey,
    args: ARGS,
    since: "7.0.0",
    complexity: COMPLEXITY,
    summary: "Shows the elements of a list, a set or a sorted set in order.",
    handler: sortroCommand,
  },
]);
