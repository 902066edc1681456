/**
 * Everything in which a reply of Keyrex may differ from redis-server's, by name.
 *
 * A case that needs one says so: `["TTL k", ":10", "ttl"]`. Whatever is not in this list is compared
 * byte by byte.
 */
import type { AggregateReply, Reply } from "../support/reply.ts";

export interface Normaliser {
  /** What may differ, and why that is right. */
  readonly because: string;
  /** Whether the two replies are the same but for that. */
  readonly same: (a: Reply, b: Reply) => boolean;
}

/** Two servers execute "the same moment" this much apart at worst, on a busy machine. */
const CLOCK_TOLERANCE_MS = 5_000;

const named = {
  ttl: {
    because: "the two servers read their clocks at different moments (seconds)",
    same: (a, b) => sameButForTime(a, b, CLOCK_TOLERANCE_MS / 1000),
  },
  pttl: {
    because: "the two servers read their clocks at different moments (milliseconds)",
    same: (a, b) => sameButForTime(a, b, CLOCK_TOLERANCE_MS),
  },
  unordered: {
    because: "elements come in the order of a hash table, and the hash functions differ",
    same: (a, b) => shown(sorted(a)) === shown(sorted(b)),
  },
  pairs: {
    because: "name and value pairs come in any order (a map, which RESP2 sends as an array)",
    same: (a, b) => shown(sortedPairs(a)) === shown(sortedPairs(b)),
  },
  encoding: {
    because: "short lists and small sets have been listpacks since 7.2",
    same: (a, b) =>
      ["quicklist", "hashtable"].some((encoding) =>
        shown(listpackAs(encoding, a)) === shown(listpackAs(encoding, b))
      ),
  },
  "list-encoding": {
    because: "short lists have been listpacks since 7.2",
    same: (a, b) => shown(listpackAs("quicklist", a)) === shown(listpackAs("quicklist", b)),
  },
  "set-encoding": {
    because: "small sets that are not of integers have been listpacks since 7.2",
    same: (a, b) => shown(withoutListpack(a)) === shown(withoutListpack(b)),
  },
  groups: {
    because:
      "times of deliveries are each server's own, and nodes of streams lie in an array; since 7.2 consumers that were given nothing are there, too, and it is told otherwise how far groups are",
    same: sameGroups,
  },
  unbalanced: {
    because:
      "since 7.2 the error of XREAD and XREADGROUP about a missing ID tells which command it is",
    same: (a, b) => areUnbalanced(a, b) || exactly(a, b),
  },
  "group-lost": {
    because: "since 7.2 who waits for a group that goes is told as if it had just asked",
    same: (a, b) => (a.type === "-" && b.type === "-") || exactly(a, b),
  },
  shape: {
    because: "the texts and numbers are each server's own; types and counts are not",
    same: (a, b) => shape(a) === shape(b),
  },
  type: {
    because: "the content is each server's own (memory figures, random keys, reports)",
    same: (a, b) => a.type === b.type,
  },
  ignore: {
    because: "any reply will do, as long as there is one",
    same: () => true,
  },
  "error-code": {
    because: "only an error's first word is what clients act on here",
    same: (a, b) =>
      a.type === "-" && b.type === "-" ? firstWord(a.text) === firstWord(b.text) : exactly(a, b),
  },
  hello: {
    because: "HELLO tells the server's name and version, and the connection's id",
    same: (a, b) => shown(withoutIdentity(a)) === shown(withoutIdentity(b)),
  },
  "command-info": {
    because:
      "notes are each project's own words; tips, subcommands and some options have come since 7.0",
    same: (a, b) => shown(sorted(commandFacts(a))) === shown(sorted(commandFacts(b))),
  },
  "client-info": {
    because:
      "CLIENT LIST tells addresses, ids, ages and buffer sizes, and fields that came after 7.0",
    same: (a, b) => shown(withoutMeasures(a)) === shown(withoutMeasures(b)),
  },
  slowlog: {
    because: "slow log entries carry ids, times and addresses",
    same: (a, b) => shown(withoutTimes(a)) === shown(withoutTimes(b)),
  },
  monitor: {
    because: "MONITOR's lines carry the time and the client's address",
    same: (a, b) => withoutOrigin(a) === withoutOrigin(b),
  },
  info: {
    because: "INFO's values are each server's own; a section's title is not",
    same: (a, b) => sectionTitles(a) === sectionTitles(b),
  },
  "info-keyspace": {
    because: "7.4 counts the hashes with fields that expire",
    same: (a, b) => withoutSubexpiry(a) === withoutSubexpiry(b),
  },
  noperm: {
    because: "NOPERM names the user, and neither keys nor channels, since 7.2",
    same: (a, b) => shown(withoutUser(a)) === shown(withoutUser(b)),
  },
  "acl-user": {
    because: "users are shown with `sanitize-payload`, which all have, since 7.2",
    same: (a, b) => shown(withoutSanitizing(a)) === shown(withoutSanitizing(b)),
  },
  "acl-log": {
    because: "ACL LOG tells times and addresses; ids and when entries were made since 7.2",
    same: (a, b) => shown(withoutOccasions(a)) === shown(withoutOccasions(b)),
  },
  help: {
    because: "help texts are each project's own words, and tell of newer subcommands",
    same: (a, b) => helpHeading(a) === helpHeading(b),
  },
} satisfies Record<string, Normaliser>;

export type NormaliserName = keyof typeof named;

export const normalisers: Readonly<Record<NormaliserName, Normaliser>> = named;

function shown(reply: Reply): string {
  if ("items" in reply) return `${reply.type}[${reply.items.map(shown).join("\n")}]`;
  return "text" in reply ? `${reply.type}${reply.text.length} ${reply.text}` : reply.type;
}

function exactly(a: Reply, b: Reply): boolean {
  return shown(a) === shown(b);
}

/** From here on times are taken for the same: Keyrex knows none beyond 2^53 ms, see docs/differences.md. */
const FAR_MS = 2 ** 52;

/** Negative integers (-1, -2) and anything else than integers must be equal. */
function sameButForTime(a: Reply, b: Reply, tolerance: number): boolean {
  if (a.type !== ":" || b.type !== ":") return exactly(a, b);
  const [left, right] = [Number(a.text), Number(b.text)];
  const far = FAR_MS * tolerance / CLOCK_TOLERANCE_MS;
  if (left >= far && right >= far) return true;
  return left >= 0 && right >= 0 ? Math.abs(left - right) <= tolerance : left === right;
}

function map(reply: AggregateReply, of: (item: Reply, index: number) => Reply): Reply {
  return { type: reply.type, items: reply.items.map(of) };
}

function sorted(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  if (reply.type === "%") return sortedPairs(reply);
  const items = reply.items.map(sorted);
  // SCAN's cursor stays where it is: only elements are sorted, and they are of one kind.
  if (items.length === 2 && "items" in items[1] && !("items" in items[0])) {
    return { type: reply.type, items };
  }
  return { type: reply.type, items: items.sort(byText) };
}

function byText(a: Reply, b: Reply): number {
  const [left, right] = [shown(a), shown(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortedPairs(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  const pairs: Reply[] = [];
  for (let i = 0; i < reply.items.length; i += 2) {
    pairs.push({ type: "*", items: reply.items.slice(i, i + 2) });
  }
  return { type: reply.type, items: pairs.sort(byText) };
}

function listpackAs(encoding: string, reply: Reply): Reply {
  return reply.type === "$" && reply.text === "listpack" ? { ...reply, text: encoding } : reply;
}

function withoutListpack(reply: Reply): Reply {
  return reply.type === "$" && reply.text === "listpack" ? { ...reply, text: "hashtable" } : reply;
}

function shape(reply: Reply): string {
  return "items" in reply ? `${reply.type}[${reply.items.map(shape).join(" ")}]` : reply.type;
}

function firstWord(text: string): string {
  return text.split(" ", 1)[0];
}

/** What XINFO tells of consumers since 7.2. */
const NEWER_PROPERTIES = ["inactive", "active-time"];
/** What XINFO tells of groups otherwise since 7.2. */
const CHANGED_PROPERTIES = ["consumers", "entries-read", "lag"];
/** What is followed by a measure of each server's own. */
const OWN_PROPERTIES = ["idle", "seen-time", "radix-tree-nodes"];
/** From here on an integer is a time. */
const LEAST_TIME = 100_000;

/** XINFO and XPENDING of consumer groups. */
function sameGroups(a: Reply, b: Reply): boolean {
  if (!("items" in a) || !("items" in b)) return exactly(a, b) || sameMoment(a, b);
  const [left, right] = [withoutNewer(a.items), withoutNewer(b.items)];
  if (a.type !== b.type || left.length !== right.length) return false;
  return left.every((item, i) => {
    const name = left[i - 1];
    const isOwn = name !== undefined && "text" in name && OWN_PROPERTIES.includes(name.text);
    if (isChanged(name) && !("items" in item)) return true;
    // XPENDING tells ID, consumer, idle time and deliveries.
    const isIdle = i === 2 && left.length === 4 && item.type === ":";
    return (isOwn || isIdle) ? sameMeasure(item, right[i]) : sameGroups(item, right[i]);
  });
}

function withoutNewer(items: readonly Reply[]): readonly Reply[] {
  const isNewer = (item: Reply | undefined) =>
    item !== undefined && "text" in item && NEWER_PROPERTIES.includes(item.text);
  return items.filter((item, i) =>
    !isNewer(item) && !isNewer(items[i - 1]) && !isIdleConsumer(item)
  );
}

function isChanged(name: Reply | undefined): boolean {
  return name !== undefined && "text" in name && CHANGED_PROPERTIES.includes(name.text);
}

/** Whether this is what XINFO tells of a consumer for which nothing is pending. */
function isIdleConsumer(reply: Reply): boolean {
  if (!("items" in reply)) return false;
  const { items } = reply;
  const after = (names: readonly string[]) =>
    items.find((_, i) => i > 0 && "text" in items[i - 1] && names.includes(textOf(items[i - 1])));
  const pending = after(["pending", "pel-count"]);
  return after(["idle", "seen-time"]) !== undefined && pending !== undefined &&
    textOf(pending) === "0";
}

function areUnbalanced(...replies: readonly Reply[]): boolean {
  return replies.every((reply) =>
    reply.type === "-" && /^ERR Unbalanced '?XREAD/i.test(textOf(reply))
  );
}

function textOf(reply: Reply): string {
  return "text" in reply ? reply.text : "";
}

/** Whether both are next to nothing, or the same moment. */
function sameMeasure(a: Reply, b: Reply): boolean {
  if (a.type !== ":" || b.type !== ":") return exactly(a, b);
  const areShort = [a, b].every(({ text }) => Number(text) < LEAST_TIME);
  return areShort || sameMoment(a, b);
}

function sameMoment(a: Reply, b: Reply): boolean {
  if (a.type !== ":" || b.type !== ":") return false;
  const [left, right] = [Number(a.text), Number(b.text)];
  return Math.min(left, right) >= LEAST_TIME && Math.abs(left - right) <= CLOCK_TOLERANCE_MS;
}

const IDENTITY = ["server", "version", "id"];

function withoutIdentity(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  return map(reply, (item, index) => {
    const name = reply.items[index - 1];
    const isIdentity = index % 2 === 1 && name.type === "$" && IDENTITY.includes(name.text);
    return isIdentity ? { type: item.type, items: [] } as AggregateReply : item;
  });
}

/** Commands that take options since 7.0, where they had a fixed number of arguments. */
const OPTIONS_SINCE = new Set(["zrank", "zrevrank"]);

/** COMMAND INFO without notes, tips and subcommands. */
function commandFacts(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  return map(reply, (info) => {
    if (!("items" in info)) return info;
    const [name] = info.items;
    const hasOptions = name !== undefined && "text" in name && OPTIONS_SINCE.has(name.text);
    return map(info, (fact, i) => {
      if (i === 1 && hasOptions && "text" in fact) {
        return { ...fact, text: fact.text.replace("-", "") };
      }
      if (i === 7 || i === 9) return { type: fact.type, items: [] } as AggregateReply;
      return i === 8 ? withoutNotes(fact) : fact;
    });
  });
}

function withoutNotes(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  const at = reply.items.findIndex((item) => item.type === "$" && item.text === "notes");
  const items = at < 0 ? reply.items : reply.items.toSpliced(at, 2);
  return { type: reply.type, items: items.map(withoutNotes) };
}

/** The fields of CLIENT LIST that a client sets or that its commands determine. */
const DETERMINED = /^(?:name|flags|db|sub|psub|ssub|multi|cmd|user|redir|resp)$/;

const NEWER = / (?:watch|lib-name|lib-ver)=[^ \n]*/g;

function withoutMeasures(reply: Reply): Reply {
  if (reply.type !== "$" && reply.type !== "=") return reply;
  const text = reply.text.replace(NEWER, "").replace(
    /([a-z-]+)=([^ \n]*)/g,
    (field, name: string) => DETERMINED.test(name) ? field : `${name}=`,
  );
  return { type: reply.type, text };
}

function withoutTimes(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  return map(reply, (entry) => {
    if (!("items" in entry)) return entry;
    // id, time, duration, arguments, address, name
    return map(entry, (field, i) => i < 3 || i === 4 ? { type: "_" } : field);
  });
}

function withoutOrigin(reply: Reply): string {
  if (reply.type !== "+") return shown(reply);
  return reply.text.replace(/^[\d.]+ \[(\d+) [^\]]*\]/, "[$1]");
}

function withoutSubexpiry(reply: Reply): string {
  if (reply.type !== "$" && reply.type !== "=") return shown(reply);
  return reply.text.replace(/,subexpiry=\d+/g, "");
}

/** A refusal of access control, as 7.0 and 7.2 word it, by what it is about. */
function withoutUser(reply: Reply): Reply {
  if (reply.type !== "-" && reply.type !== "$") return reply;
  const text = reply.text
    .replace(/(?:this user|No permissions).* access (?:one of the|a) (key|channel).*/, "$1")
    .replace(/(?:[Tt]his user|User \S*) has no permissions/, "no permissions");
  return { type: reply.type, text };
}

function withoutSanitizing(reply: Reply): Reply {
  if ("text" in reply) {
    return { type: reply.type, text: reply.text.replace(" sanitize-payload", "") } as Reply;
  }
  if (!("items" in reply)) return reply;
  const items = reply.items.filter((item) => !("text" in item && item.text === "sanitize-payload"));
  return { type: reply.type, items: items.map(withoutSanitizing) };
}

/** Entries of ACL LOG up to the user's name. */
function withoutOccasions(reply: Reply): Reply {
  if (!("items" in reply)) return reply;
  return map(
    reply,
    (entry) => "items" in entry ? { type: entry.type, items: entry.items.slice(0, 10) } : entry,
  );
}

function sectionTitles(reply: Reply): string {
  if (reply.type !== "$" && reply.type !== "=") return shown(reply);
  return (reply.text.match(/^# .*$/gm) ?? []).join("\n");
}

/** The heading, and that all lines are simple strings. */
function helpHeading(reply: Reply): string {
  if (!("items" in reply) || reply.items.some((item) => item.type !== "+")) return shown(reply);
  return shown(reply.items[0]);
}
