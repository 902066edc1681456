/**
 * The settings: one plain object that holds the value of every directive under its name in camelCase,
 * such as `settings.maxmemoryPolicy`. Rooms below declare the slice of it that they read.
 */
import { DIRECTIVES, type Row } from "./directives.ts";
import type { Directive } from "./directives/directive.ts";
import type { Kind } from "./kinds/kind.ts";

/** `tcp-keepalive` becomes `tcpKeepalive`. */
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

type ValueOf<R extends Row> = R["kind"] extends Kind<infer Value> ? Value : never;

/** The value of every directive. */
export type Settings = { [R in Row as CamelCase<R["name"]>]: ValueOf<R> };

/** The settings when nobody sets anything; `dir` is not made absolute yet. */
export function createSettings(): Settings {
  // Object.fromEntries makes an object that V8 accesses as fast as one from a literal, whereas
  // assigning so many properties one by one would turn it into a hash table.
  return Object.fromEntries(
    DIRECTIVES.map((directive) => [propertyOf(directive.name), initialValue(directive)]),
  ) as Settings;
}

/** The value of a directive. */
export function getValue(settings: Settings, directive: Directive): unknown {
  return (settings as Record<string, unknown>)[propertyOf(directive.name)];
}

/** Gives a directive a value that its kind has parsed. */
export function setValue(settings: Settings, directive: Directive, value: unknown): void {
  (settings as Record<string, unknown>)[propertyOf(directive.name)] = value;
}

/** The value of a directive when nobody sets it. */
export function initialValue({ kind, initial }: Directive): unknown {
  if (!kind.takesWords) return kind.parse([initial]);
  return kind.parse(initial === "" ? [] : initial.split(" "));
}

function propertyOf(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
