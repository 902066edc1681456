/** DEBUG's subcommands about keys: their values in digest, their innards, and many of them at once. */
import type { Database } from "../../keyspace/database.ts";
import { NO_EXPIRY } from "../../keyspace/database.ts";
import { Digest } from "../../keyspace/digest.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import { stringEncoding } from "../../keyspace/types/string.ts";
import { Encoding, ENCODING_NAMES } from "../../keyspace/types/type.ts";
import { latin1 } from "../../memory/bytes.ts";
import { parseInt64 } from "../../memory/numbers.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import {
  compressDepth,
  nodeCount,
  quicklistLength,
  quicklistRawBytes,
} from "../../structures/quicklist.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { NO_SUCH_KEY } from "../errors.ts";
import type { DebugSubcommand } from "./subcommand.ts";

const NOT_POSITIVE = new ReplyError("ERR value is out of range, must be positive");
const NOT_A_LISTPACK = new ReplyError("ERR Not a listpack encoded object.");

// ---------------------------------------------------------------- digests

function digest({ reply, server }: Client, _args: Args): void {
  reply.simple(datasetDigest(server.keyspace).toString());
}

function digestValue({ db, reply }: Client, args: Args): void {
  const digest = new Digest();
  reply.array(args.count - 2);
  for (let i = 2; i < args.count; i++) {
    const entry = db.peek(args.bufs[i], args.starts[i], args.ends[i]);
    digest.reset();
    if (entry !== 0) addValue(digest, db, entry);
    reply.simple(digest.toString());
  }
}

/** The digest of all databases that hold keys. */
function datasetDigest({ used }: Keyspace): Digest {
  const all = new Digest();
  const one = new Digest();
  for (const db of used.toSorted((a, b) => a.index - b.index)) {
    if (db.size === 0) continue;
    all.mixNumber(db.index);
    db.dict.forEach((entry) => {
      const { buf, start, end } = db.key(entry);
      one.reset();
      one.mix(buf, start, end);
      addValue(one, db, entry);
      all.addDigest(one);
    });
  }
  return all;
}

function addValue(digest: Digest, db: Database, entry: number): void {
  digest.mixNumber(db.type(entry));
  db.digestValue(entry, digest);
  if (db.dueMs(entry) !== NO_EXPIRY) digest.addExpiry();
}

// ---------------------------------------------------------------- single keys

/** The entry of the key at argument 2. Throws when it is missing. */
function lookup({ db }: Client, args: Args): number {
  const entry = db.peek(args.bufs[2], args.starts[2], args.ends[2]);
  if (entry === 0) throw NO_SUCH_KEY;
  return entry;
}

function object(client: Client, args: Args): void {
  const { db, reply, server: { keyspace: { clocks } } } = client;
  const entry = lookup(client, args);
  const clock = db.clock(entry);
  // The address is the block's place in the slabs, as there is no other.
  const address = ((entry >>> 0) * 8).toString(16);
  const idle = clocks.isLfu
    ? `lfu_freq:${clocks.frequency(clock)} lfu_access_time_minutes:${clock >>> 8}`
    : `lru_seconds_idle:${clocks.idleSeconds(clock)}`;
  reply.simple(
    `Value at:0x${address} refcount:1 encoding:${ENCODING_NAMES[db.encoding(entry)]} ` +
      `serializedlength:${serializedLength(db, entry)} lru:${clock} ${idle}` +
      (db.encoding(entry) === Encoding.QUICKLIST ? quicklistText(db, entry) : ""),
  );
}

/** What is told of a quicklist besides. */
function quicklistText(db: Database, entry: number): string {
  const { settings, slabs } = db.keyspace;
  const list = db.outsideValue(entry);
  const nodes = nodeCount(slabs, list);
  return ` ql_nodes:${nodes} ql_avg_node:${(quicklistLength(slabs, list) / nodes).toFixed(2)} ` +
    `ql_listpack_max:${settings.listMaxListpackSize} ` +
    `ql_compressed:${compressDepth(slabs, list) === 0 ? 0 : 1} ` +
    `ql_uncompressed_size:${quicklistRawBytes(slabs, list)}`;
}

/** How long a string is in a dump, not compressed: an integer of 1, 2 or 4 bytes, or length and bytes. */
function serializedLength(db: Database, entry: number): number {
  const { buf, start, end } = db.value(entry);
  if (db.encoding(entry) === Encoding.INT) {
    const value = Number(parseInt64(buf, start, end));
    for (const bytes of [1, 2, 4]) {
      const bound = 2 ** (8 * bytes - 1);
      if (-bound <= value && value < bound) return 1 + bytes;
    }
  }
  const length = end - start;
  const prefix = length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : 5;
  return prefix + length;
}

function listpack(client: Client, args: Args): void {
  lookup(client, args);
  // No type that there is has such an encoding.
  throw NOT_A_LISTPACK;
}

// ---------------------------------------------------------------- many keys

/** Makes keys that are not there yet, without events. */
function populate(client: Client, args: Args): void {
  const { db } = client;
  const count = readInteger(args, 2, NOT_POSITIVE, 0);
  const prefix = args.count > 3 ? args.latin1(3) : "key";
  const size = args.count > 4 ? readInteger(args, 4, NOT_POSITIVE, 0) : 0;
  for (let i = 0; i < count; i++) {
    const key = latin1(`${prefix}:${i}`);
    if (db.peek(key, 0, key.length) !== 0) continue;
    const value = paddedValue(`value:${i}`, size);
    const encoding = stringEncoding(value, 0, value.length);
    db.setString(key, 0, key.length, value, 0, value.length, encoding, NO_EXPIRY);
    db.modified(key, 0, key.length);
  }
  client.reply.ok();
}

/** A text cut to `size` bytes, or filled up with zeros; as it is when `size` is 0. */
function paddedValue(text: string, size: number): Uint8Array {
  const bytes = latin1(text);
  if (size === 0) return bytes;
  const value = new Uint8Array(size);
  value.set(bytes.subarray(0, size));
  return value;
}

// ---------------------------------------------------------------- the table

export const keySubcommands: readonly DebugSubcommand[] = [
  {
    name: "DIGEST",
    arguments: [0, 0],
    help: ["DIGEST", "    Tells a digest of all data, which is equal for equal data."],
    handler: digest,
  },
  {
    name: "DIGEST-VALUE",
    arguments: [0, Infinity],
    help: [
      "DIGEST-VALUE <key> [<key> ...]",
      "    Tells a digest of each key's value and of whether it expires.",
    ],
    handler: digestValue,
  },
  {
    name: "LISTPACK",
    arguments: [1, 1],
    help: ["LISTPACK <key>", "    Shows the listpack of a key's value."],
    handler: listpack,
  },
  {
    name: "OBJECT",
    arguments: [1, 1],
    help: ["OBJECT <key>", "    Tells how a key's value is represented, and when it was used."],
    handler: object,
  },
  {
    name: "POPULATE",
    arguments: [1, 3],
    help: [
      "POPULATE <count> [<prefix>] [<size>]",
      "    Makes the strings <prefix>:0, <prefix>:1 and so on (prefix 'key' unless told",
      "    otherwise), filled up with zero bytes to <size>. Keys that exist are kept.",
    ],
    handler: populate,
  },
];
