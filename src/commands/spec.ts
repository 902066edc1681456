/**
 * What a command is: the row from which everything else about it is derived.
 *
 * Dispatch, the arity check, COMMAND INFO / DOCS / GETKEYS / LIST, ACL categories, key extraction,
 * the gates (memory, loading, authentication) and the documentation all read these rows; nothing
 * about a command is written down anywhere else. The vocabulary is that of Redis's own command
 * descriptions (redis.io/docs/reference/command-arguments and …/key-specs).
 */
import type { Args } from "../resp/args.ts";
import type { Client } from "./context.ts";

/** Runs a command: reads `args` (index 0 is the name), writes exactly one reply, or throws a ReplyError. */
export type Handler = (client: Client, args: Args) => void;

/** Flags in the order in which COMMAND INFO lists them. */
export const FLAGS = [
  "write",
  "readonly",
  "denyoom",
  "module",
  "admin",
  "pubsub",
  "noscript",
  "blocking",
  "loading",
  "stale",
  "skip_monitor",
  "skip_slowlog",
  "asking",
  "fast",
  "no_auth",
  "may_replicate",
  "no_mandatory_keys",
  "no_async_loading",
  "no_multi",
  "allow_busy",
] as const;
export type Flag = typeof FLAGS[number];

/** ACL categories in the order in which COMMAND INFO and ACL CAT list them. */
export const CATEGORIES = [
  "keyspace",
  "read",
  "write",
  "set",
  "sortedset",
  "list",
  "hash",
  "string",
  "bitmap",
  "hyperloglog",
  "geo",
  "stream",
  "pubsub",
  "admin",
  "fast",
  "slow",
  "blocking",
  "dangerous",
  "connection",
  "transaction",
  "scripting",
] as const;
export type Category = typeof CATEGORIES[number];

/** Command groups as COMMAND DOCS names them, each with the ACL category it implies. */
export const GROUP_CATEGORY = {
  generic: "keyspace",
  string: "string",
  list: "list",
  set: "set",
  "sorted-set": "sortedset",
  hash: "hash",
  pubsub: "pubsub",
  transactions: "transaction",
  connection: "connection",
  server: null,
  scripting: "scripting",
  hyperloglog: "hyperloglog",
  cluster: null,
  geo: "geo",
  stream: "stream",
  bitmap: "bitmap",
} as const satisfies Record<string, Category | null>;
export type Group = keyof typeof GROUP_CATEGORY;

/** Where the keys stand among the arguments, and what the command does with them. */
export interface KeySpec {
  /** Index of the argument at which the search begins, or the keyword after which it begins. */
  readonly begin:
    | { readonly at: number }
    | { readonly keyword: string; readonly from: number }
    /** The arguments do not tell, or not by a rule; `findKeys` of the row knows what can be known. */
    | { readonly unknown: true };
  /** How the keys are found from there. */
  readonly find:
    /** `last` relative to the first (negative: from the end of argv), `limit` divides what is left. */
    | { readonly last: number; readonly step: number; readonly limit: number }
    /** The argument at `count` gives the number of keys, the first of which stands at `first`. */
    | { readonly count: number; readonly first: number; readonly step: number };
  /** Access to the value as a whole: read only, read-write, overwritten, removed; null for what is no key. */
  readonly access: "ro" | "rw" | "ow" | "rm" | null;
  /** What is done with the user's data in it. */
  readonly does: readonly ("access" | "update" | "insert" | "delete")[];
  readonly other: readonly ("not_key" | "incomplete" | "variable_flags")[];
  readonly notes?: string;
}

/** A key of a request. */
export interface FoundKey {
  /** Which argument it is. */
  readonly index: number;
  /** What the command does with it. */
  readonly spec: KeySpec;
}

/** Options of {@link key}; see {@link KeySpec}. */
export interface KeyOptions {
  unknown?: true;
  at?: number;
  keyword?: string;
  from?: number;
  last?: number;
  step?: number;
  limit?: number;
  count?: number;
  first?: number;
  access: KeySpec["access"];
  does?: KeySpec["does"] | KeySpec["does"][number];
  other?: KeySpec["other"];
  notes?: string;
}

/** Describes one run of keys; by default a single key at argument `at`. */
export function key(options: KeyOptions): KeySpec {
  const { does = [] } = options;
  return {
    begin: options.unknown
      ? { unknown: true }
      : options.keyword !== undefined
      ? { keyword: options.keyword, from: options.from ?? 1 }
      : { at: options.at ?? 1 },
    find: options.count !== undefined
      ? { count: options.count, first: options.first ?? 1, step: options.step ?? 1 }
      : { last: options.last ?? 0, step: options.step ?? 1, limit: options.limit ?? 0 },
    access: options.access,
    does: typeof does === "string" ? [does] : does,
    other: options.other ?? [],
    ...(options.notes === undefined ? {} : { notes: options.notes }),
  };
}

/** One node of the argument tree that COMMAND DOCS shows and redis-cli turns into hints. */
export interface Argument {
  readonly name: string;
  readonly type:
    | "string"
    | "integer"
    | "double"
    | "key"
    | "pattern"
    | "unix-time"
    | "pure-token"
    | "oneof"
    | "block";
  readonly token?: string;
  readonly since?: string;
  readonly deprecatedSince?: string;
  readonly optional?: boolean;
  readonly multiple?: boolean;
  readonly multipleToken?: boolean;
  /** For keys: which of the command's key specs describes it. */
  readonly keySpec?: number;
  readonly args?: readonly Argument[];
}

/** What any argument may say beyond its name and type. */
export type ArgumentOptions = Partial<
  Pick<
    Argument,
    "token" | "since" | "deprecatedSince" | "optional" | "multiple" | "multipleToken" | "keySpec"
  >
>;

const plain =
  (type: Argument["type"]) => (name: string, options: ArgumentOptions = {}): Argument => ({
    name,
    type,
    ...options,
  });

/** Builders for argument trees: `arg.key()`, `arg.string("value")`, `arg.token("NX")`, … */
export const arg = {
  key: (name = "key", options: ArgumentOptions = {}): Argument => ({
    name,
    type: "key",
    keySpec: 0,
    ...options,
  }),
  string: plain("string"),
  integer: plain("integer"),
  double: plain("double"),
  pattern: plain("pattern"),
  unixTime: plain("unix-time"),
  /** A bare keyword such as NX. */
  token: (token: string, options: ArgumentOptions & { name?: string } = {}): Argument => {
    const { name = token.toLowerCase(), ...rest } = options;
    return { name, type: "pure-token", token, ...rest };
  },
  /** Exactly one of several. */
  oneOf: (name: string, args: readonly Argument[], options: ArgumentOptions = {}): Argument => ({
    name,
    type: "oneof",
    args,
    ...options,
  }),
  /** Several in a row. */
  block: (name: string, args: readonly Argument[], options: ArgumentOptions = {}): Argument => ({
    name,
    type: "block",
    args,
    ...options,
  }),
};

/** The directives that allow dangerous commands to somebody, and the settings they set. */
export const PROTECTIONS = {
  "enable-debug-command": "enableDebugCommand",
  "enable-module-command": "enableModuleCommand",
} as const;

/** A command, as written down. */
export interface CommandRow {
  /** Lower case; for a subcommand only its own name. */
  readonly name: string;
  /** Number of arguments with the name (and the subcommand's); negative means "at least". */
  readonly arity: number;
  readonly flags?: readonly Flag[];
  readonly keys?: readonly KeySpec[];
  readonly args?: readonly Argument[];
  /** ACL categories beyond what group and flags imply. */
  readonly acl?: readonly Category[];
  /** False where the category that the group implies is not the command's. */
  readonly ofGroupCategory?: boolean;
  /** Hints for proxies and clients, e.g. `nondeterministic_output` (redis.io/docs/reference/command-tips). */
  readonly tips?: readonly string[];
  readonly since: string;
  readonly complexity: string;
  readonly summary: string;
  readonly deprecated?: { readonly since: string; readonly replacedBy: string };
  /** What changed in which version, in our words. */
  readonly history?: readonly (readonly [version: string, change: string])[];
  readonly subcommands?: readonly CommandRow[];
  /** Missing only where every call needs a subcommand. */
  readonly handler?: Handler;
  /**
   * Finds the keys of a request where `keys` says too little: where a spec is `incomplete` or has
   * `variable_flags`. Returns null when the arguments are malformed.
   */
  readonly findKeys?: (args: Args) => readonly FoundKey[] | null;
  /** The directive that must allow the command. */
  readonly protectedBy?: keyof typeof PROTECTIONS;
  /** Whether its replies are messages out of band, which CLIENT REPLY does not silence. */
  readonly pushes?: boolean;
  /** Whether a client of RESP2 may send it after it has subscribed, as it may send what pushes. */
  readonly inSubscribedMode?: boolean;
  /** Whether the length of its reply tells how long it takes: with a short one it has been quick. */
  readonly costsItsReply?: boolean;
  /** Whether it is run at once after MULTI, where others are queued. */
  readonly neverQueued?: boolean;
  /**
   * Which arguments are channels that the user must be allowed to use: the first, all of them, or all
   * as patterns.
   */
  readonly channels?: "first" | "all" | "patterns";
  /** Indexes of arguments that must not be shown in MONITOR and SLOWLOG: passwords. */
  readonly secrets?: (client: Client, args: Args) => readonly number[];
}

/** A command with everything derived from its row; see registry.ts. */
export interface Command extends CommandRow {
  readonly group: Group;
  /** `config|set` for a subcommand, else the name. */
  readonly fullName: string;
  readonly parent: Command | null;
  /** Position in the registry; statistics are kept in arrays by it. */
  readonly index: number;
  /** Bit i is set when FLAGS[i] holds. */
  readonly flagBits: number;
  /** Bit i is set when CATEGORIES[i] holds. */
  readonly categoryBits: number;
  /** First key, last key and step in COMMAND INFO's old form. */
  readonly legacyRange: readonly [first: number, last: number, step: number];
  readonly movableKeys: boolean;
  readonly children: readonly Command[];
}

/** A file's rows with the group they belong to. */
export interface CommandTable {
  readonly group: Group;
  readonly rows: readonly CommandRow[];
}

/** Declares the commands of one group. */
export function commandTable(group: Group, rows: readonly CommandRow[]): CommandTable {
  return { group, rows };
}

/** The bit of a flag in {@link Command.flagBits}. */
export function flagBit(flag: Flag): number {
  return 1 << FLAGS.indexOf(flag);
}
