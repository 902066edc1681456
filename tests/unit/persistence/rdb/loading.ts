/** Loading dumps that tests have in memory. */
import { createSettings, type Settings } from "../../../../src/config/mod.ts";
import type { Keyspace } from "../../../../src/keyspace/keyspace.ts";
import { type ByteSource, RdbInput } from "../../../../src/persistence/rdb/input.ts";
import { type LoadOptions, RdbLoader } from "../../../../src/persistence/rdb/loader.ts";
import { RdbReader } from "../../../../src/persistence/rdb/reader.ts";
import { makeKeyspace } from "../../keyspace/text_database.ts";

/** A source that gives so many bytes at once. */
export class DribblingSource implements ByteSource {
  readonly size: number;
  #at = 0;

  constructor(readonly content: Uint8Array, readonly portion: number, size = content.length) {
    this.size = size;
  }

  read(target: Uint8Array): number {
    const part = this.content.subarray(this.#at, this.#at + Math.min(this.portion, target.length));
    target.set(part);
    this.#at += part.length;
    return part.length;
  }
}

/** A loader for a dump. */
export function loaderOf(
  source: ByteSource | Uint8Array,
  keyspace: Keyspace,
  settings: Settings,
  options: Partial<LoadOptions> = {},
): RdbLoader {
  const input = source instanceof Uint8Array
    ? new RdbInput({ buf: source, start: 0, end: source.length }, true)
    : new RdbInput(source, true);
  return new RdbLoader(new RdbReader(input, true), keyspace, {
    settings,
    keepsExpired: false,
    replaces: false,
    ...options,
  });
}

/** A keyspace with what a dump holds, and the loader's report. */
export function loaded(
  content: Uint8Array,
  settings: Partial<Settings> = {},
  options: Partial<LoadOptions> = {},
) {
  const all = Object.assign(createSettings(), settings);
  const keyspace = makeKeyspace(1, all);
  const loader = loaderOf(content, keyspace, all, options);
  while (!loader.step(3));
  return { keyspace, report: loader.report };
}
