/**
 * All commands of the server, with everything that is derived from their rows, and the lookup by
 * name that dispatch uses.
 */
import type { Args } from "../resp/args.ts";
import {
  CATEGORIES,
  type Category,
  type Command,
  type CommandRow,
  type CommandTable,
  flagBit,
  FLAGS,
  type Group,
  GROUP_CATEGORY,
  type KeySpec,
} from "./spec.ts";

/** Longest command name that the lookup considers; nothing Redis has comes near it. */
const MAX_NAME_LENGTH = 64;

/**
 * The commands, and where to find them.
 *
 * Names are looked up from their bytes, without making a string: an open-addressing table over a
 * case-folding hash, at most half full.
 */
export class Registry {
  /** Commands and subcommands, by {@link Command.index}. */
  readonly all: readonly Command[];
  /** Commands without subcommands, in the order of their tables. */
  readonly commands: readonly Command[];
  readonly #slots: (Command | null)[];
  readonly #names: (Uint8Array | null)[];
  readonly #mask: number;
  readonly #children = new Map<Command, Map<string, Command>>();

  /**
   * @param tables All commands there are.
   * @param renamings `rename-command`: by which other names commands are to be found; "" takes a
   *   command away. Names are in lower case.
   */
  constructor(
    tables: readonly CommandTable[],
    renamings: readonly { readonly from: string; readonly to: string }[] = [],
  ) {
    const all: Command[] = [];
    this.commands = tables.flatMap(({ group, rows }) =>
      rows.map((row) => derive(row, group, null, all))
    );
    this.all = all;
    for (const command of this.commands) {
      if (command.children.length === 0) continue;
      this.#children.set(command, new Map(command.children.map((child) => [child.name, child])));
    }

    let size = 16;
    while (size < this.commands.length * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Array(size).fill(null);
    this.#names = new Array(size).fill(null);
    const encoder = new TextEncoder();
    const newNames = new Map(renamings.map(({ from, to }) => [from, to]));
    for (const command of this.commands) {
      const name = encoder.encode(newNames.get(command.name) ?? command.name);
      if (name.length === 0) continue;
      let slot = foldedHash(name, 0, name.length) & this.#mask;
      while (this.#slots[slot] !== null) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = command;
      this.#names[slot] = name;
    }
  }

  /** The command named by bytes, in any case; null when there is none. Subcommands are not resolved. */
  find(buf: Uint8Array, start: number, end: number): Command | null {
    if (end - start > MAX_NAME_LENGTH) return null;
    let slot = foldedHash(buf, start, end) & this.#mask;
    for (;;) {
      const name = this.#names[slot];
      if (name === null) return null;
      if (name.length === end - start && equalsFolded(name, buf, start)) return this.#slots[slot];
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The command that a request names: the subcommand where it has such, else the command itself; null when unknown. */
  resolve(args: Args): Command | null {
    const command = this.find(args.bufs[0], args.starts[0], args.ends[0]);
    if (command === null || command.children.length === 0 || args.count === 1) return command;
    return this.subcommand(command, args.text(1));
  }

  /** A command's subcommand by its own name, in any case. */
  subcommand(command: Command, name: string): Command | null {
    return this.#children.get(command)?.get(name.toLowerCase()) ?? null;
  }

  /** By text, `get` or `config|set`, in any case. */
  byFullName(name: string): Command | null {
    const [first, second, third] = name.toLowerCase().split("|");
    if (third !== undefined) return null;
    const bytes = new TextEncoder().encode(first);
    const command = this.find(bytes, 0, bytes.length);
    return second === undefined || command === null ? command : this.subcommand(command, second);
  }
}

/**
 * All that a row may say, unsaid. Commands begin as copies of it and so have the same properties in the
 * same order, whichever their rows leave out: V8 then reads them faster, at every step of dispatch.
 */
const UNSAID: { readonly [Property in keyof Required<CommandRow>]: undefined } = {
  name: undefined,
  arity: undefined,
  flags: undefined,
  keys: undefined,
  args: undefined,
  acl: undefined,
  ofGroupCategory: undefined,
  tips: undefined,
  since: undefined,
  complexity: undefined,
  summary: undefined,
  deprecated: undefined,
  history: undefined,
  subcommands: undefined,
  handler: undefined,
  findKeys: undefined,
  protectedBy: undefined,
  pushes: undefined,
  inSubscribedMode: undefined,
  costsItsReply: undefined,
  neverQueued: undefined,
  channels: undefined,
  secrets: undefined,
};

function derive(row: CommandRow, group: Group, parent: Command | null, all: Command[]): Command {
  let flagBits = 0;
  for (const flag of row.flags ?? []) flagBits |= flagBit(flag);
  const children: Command[] = [];
  const movableKeys = (row.keys ?? []).some(({ begin, find, other }) =>
    !("at" in begin) || "count" in find || other.includes("incomplete")
  );
  const command: Command = {
    ...UNSAID,
    ...row,
    group,
    parent,
    children,
    index: all.length,
    fullName: parent === null ? row.name : `${parent.name}|${row.name}`,
    flagBits,
    categoryBits: categoryBits(row, group, flagBits),
    legacyRange: legacyRange(row.keys ?? []),
    movableKeys,
  };
  all.push(command);
  for (const child of row.subcommands ?? []) children.push(derive(child, group, command, all));
  return command;
}

const WRITE = flagBit("write");
const READONLY = flagBit("readonly");
const ADMIN = flagBit("admin");
const PUBSUB = flagBit("pubsub");
const FAST = flagBit("fast");
const BLOCKING = flagBit("blocking");
const NOSCRIPT_GROUPS: readonly Group[] = ["scripting"];

function categoryBits(row: CommandRow, group: Group, flagBits: number): number {
  const categories = new Set<Category>(row.acl ?? []);
  const isOnlyContainer = row.handler === undefined;
  const implied = row.ofGroupCategory === false ? null : GROUP_CATEGORY[group];
  if (implied !== null && !isOnlyContainer) categories.add(implied);
  if (flagBits & WRITE) categories.add("write");
  if (flagBits & READONLY && !NOSCRIPT_GROUPS.includes(group)) categories.add("read");
  if (flagBits & ADMIN) categories.add("admin").add("dangerous");
  if (flagBits & PUBSUB) categories.add("pubsub");
  if (flagBits & BLOCKING) categories.add("blocking");
  categories.add(flagBits & FAST ? "fast" : "slow");
  let bits = 0;
  for (const category of categories) bits |= 1 << CATEGORIES.indexOf(category);
  return bits;
}

/** The one range that COMMAND INFO had before key specs: the run of index specs that touch, merged. */
function legacyRange(keys: readonly KeySpec[]): readonly [number, number, number] {
  let range: [number, number, number] | null = null;
  for (const { begin, find } of keys) {
    if (!("at" in begin) || !("last" in find)) continue;
    const last = find.last >= 0 ? begin.at + find.last : find.last;
    if (range === null) range = [begin.at, last, find.step];
    else if (begin.at === range[1] + range[2]) range[1] = last;
  }
  return range ?? [0, 0, 0];
}

function foldedHash(buf: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (buf[i] | 0x20), 0x01000193);
  return hash ^ (hash >>> 15);
}

function equalsFolded(name: Uint8Array, buf: Uint8Array, start: number): boolean {
  for (let i = 0; i < name.length; i++) {
    const byte = buf[start + i];
    const folded = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (folded !== name[i]) return false;
  }
  return true;
}

/** Names of the flags set in a command, in COMMAND INFO's order; `may_replicate` is not told there. */
export function flagNames(command: Command): string[] {
  const shown = command.flagBits & ~flagBit("may_replicate");
  const names: string[] = FLAGS.filter((_, i) => shown & (1 << i));
  if (command.movableKeys) names.push("movablekeys");
  return names;
}

/** Names of the ACL categories of a command, without `@`, in COMMAND INFO's order. */
export function categoryNames(command: Command): string[] {
  return CATEGORIES.filter((_, i) => command.categoryBits & (1 << i));
}
