/**
 * The one table of directives. redis.conf, the command line, CONFIG GET, SET and REWRITE, the type of
 * the settings and the page in the documentation all derive from it.
 *
 * It holds every directive of Redis 7.4, by theme.
 */
import { clientDirectives } from "./directives/clients.ts";
import { clusterDirectives } from "./directives/cluster.ts";
import type { Directive, DirectiveFlag } from "./directives/directive.ts";
import { generalDirectives } from "./directives/general.ts";
import { keyspaceDirectives } from "./directives/keyspace.ts";
import { memoryDirectives } from "./directives/memory.ts";
import { monitoringDirectives } from "./directives/monitoring.ts";
import { networkDirectives } from "./directives/network.ts";
import { persistenceDirectives } from "./directives/persistence.ts";
import { replicationDirectives } from "./directives/replication.ts";
import { securityDirectives } from "./directives/security.ts";
import { tlsDirectives } from "./directives/tls.ts";

/**
 * The table in its chapters, in the order in which CONFIG GET and CONFIG REWRITE go through it. What
 * `inert` says of a chapter holds for all of its directives.
 */
export const CHAPTERS = [
  { title: "Network", inert: null, directives: networkDirectives },
  { title: "TLS", inert: "there is no TLS so far", directives: tlsDirectives },
  { title: "General", inert: null, directives: generalDirectives },
  { title: "Persistence", inert: null, directives: persistenceDirectives },
  {
    title: "Replication",
    inert: "there is no replication so far",
    directives: replicationDirectives,
  },
  { title: "Security", inert: null, directives: securityDirectives },
  { title: "Clients", inert: null, directives: clientDirectives },
  { title: "Memory", inert: null, directives: memoryDirectives },
  { title: "Keys and values", inert: null, directives: keyspaceDirectives },
  { title: "Monitoring", inert: null, directives: monitoringDirectives },
  { title: "Cluster", inert: "there is no cluster mode", directives: clusterDirectives },
] as const;

/** The type of each row of the table, with its name and its kind. */
export type Row = typeof CHAPTERS[number]["directives"][number];

/** All rows of the table. */
export const DIRECTIVES: readonly Directive[] = CHAPTERS.flatMap(({ directives }) =>
  directives as readonly Directive[]
);

/** The directives of the chapters that are inert as a whole, and why. */
const inertChapters = new Map<Directive, string>();
for (const { inert, directives } of CHAPTERS) {
  if (inert === null) continue;
  for (const directive of directives) inertChapters.set(directive, inert);
}

/** Each name by which directives go, older ones included, in the order of the table. */
const byName = new Map<string, Directive>();
for (const directive of DIRECTIVES) {
  byName.set(directive.name, directive);
  if (directive.alias !== undefined) byName.set(directive.alias, directive);
}

/** The directive that has a name, in any case, or an older name; undefined when there is none. */
export function findDirective(name: string): Directive | undefined {
  return byName.get(name.toLowerCase());
}

/** All names in the order of the table, an older name after the one that it became. */
export function directiveNames(): Iterable<string> {
  return byName.keys();
}

/** Why a directive is kept and shown but changes nothing here; null when it does. */
export function inertReason(directive: Directive): string | null {
  return inertChapters.get(directive) ?? directive.inert ?? null;
}

export function hasFlag(directive: Directive, flag: DirectiveFlag): boolean {
  return directive.flags?.includes(flag) ?? false;
}
