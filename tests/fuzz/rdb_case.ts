/** One case of the dumps' fuzzer: a damaged dump is either refused, or what it holds is as good as any other. */
import { createSettings } from "../../src/config/mod.ts";
import type { Keyspace } from "../../src/keyspace/keyspace.ts";
import { RdbError } from "../../src/persistence/rdb/errors.ts";
import { type ByteSink, RdbOutput } from "../../src/persistence/rdb/output.ts";
import { writeKeyspace } from "../../src/persistence/rdb/save.ts";
import { oldestVersionForAll } from "../../src/persistence/rdb/values/mod.ts";
import { RdbWriter } from "../../src/persistence/rdb/writer.ts";
import { makeKeyspace } from "../unit/keyspace/text_database.ts";
import { bytes, str } from "../unit/persistence/rdb/builder.ts";
import { keyspaceContent } from "../unit/persistence/rdb/content.ts";
import { DribblingSource, loaderOf } from "../unit/persistence/rdb/loading.ts";
import { Random } from "../support/random.ts";
import { corrupted } from "./corruption.ts";
import { type WrittenValue, writtenValues } from "./rdb_values.ts";

/**
 * What a case may take besides what it was given: a byte of LZF stands for up to 88, and each element
 * of a list may be as short as a byte and needs up to some dozen.
 */
const ALLOWANCE_BYTES = 256 * 1024;
const MOST_PER_BYTE = 300;

const NO_CHECKSUM = new Uint8Array(8);
const settings = createSettings();
let values: WrittenValue[] | null = null;
/** For what is loaded, and for what is loaded again; empty between cases, for pages cost time. */
const keyspace = makeKeyspace(1);
const again = makeKeyspace(2);

/** Runs the case of this seed; returns whether the damaged dump was accepted. */
export function runRdbCase(seed: number): boolean {
  const random = new Random(seed);
  const content = damagedDump(random);
  keyspace.slabs.resetPeak();
  const isAccepted = loads(content, random);
  if (keyspace.slabs.peakUsedBytes > ALLOWANCE_BYTES + MOST_PER_BYTE * content.length) {
    throw new Error("too much memory was taken");
  }
  if (isAccepted) checkSaved(random);
  empty(keyspace);
  empty(again);
  return isAccepted;
}

/** Frees all, after which nothing must be left. */
function empty(keyspace: Keyspace): void {
  const { objects, slabs } = keyspace;
  keyspace.flush(-1, false);
  slabs.check();
  if (slabs.blockCount + objects.size > 0) throw new Error("memory is left behind");
}

/** A dump of a few keys, one of whose values is damaged, or maybe the dump as a whole. */
function damagedDump(random: Random): Uint8Array {
  values ??= writtenValues();
  const { head, type, value } = random.pick(values);
  const spoilt = random.oneIn(20) ? value : corrupted(value, random);
  const wrongType = random.oneIn(10) ? random.below(30) : type;
  const key = [wrongType, str("key"), spoilt];
  const whole = bytes(head, 254, 0, 0, str("a"), str("b"), key, 0, str("c"), str("d"), 255);
  return bytes(random.oneIn(5) ? corrupted(whole, random) : whole, NO_CHECKSUM);
}

function loads(content: Uint8Array, random: Random): boolean {
  const source = random.oneIn(2)
    ? content
    : new DribblingSource(content, 100, random.oneIn(2) ? Infinity : content.length);
  const loader = loaderOf(source, keyspace, settings, {
    replaces: true,
  });
  try {
    while (!loader.step(random.between(1, 5)));
    return true;
  } catch (error) {
    if (error instanceof RdbError) return false;
    throw error;
  }
}

/** Saves what has been loaded and loads that again: it must be the same. */
function checkSaved(random: Random): void {
  const parts: Uint8Array[] = [];
  const sink: ByteSink = { write: (part) => void parts.push(part.slice()) };
  const output = new RdbOutput(sink, { compresses: random.oneIn(2), sums: true });
  const version = Math.max(oldestVersionForAll(keyspace), random.between(9, 12));
  const origin = { redisVersion: "7.4.0", nowMs: 0, usedBytes: 0, isAofBase: false };
  writeKeyspace(new RdbWriter(output, version, "none"), keyspace, origin, []);
  const loader = loaderOf(bytes(...parts), again, settings, { keepsExpired: true });
  while (!loader.step(100));
  const before = JSON.stringify(withoutEncodings(keyspace));
  const after = JSON.stringify(withoutEncodings(again));
  if (before !== after) throw new Error(`saved and loaded, ${before} has become ${after}`);
}

/** The content alone: a collection may have an encoding that it would not get anew. */
function withoutEncodings(keyspace: Keyspace): Record<string, unknown> {
  const keys = Object.entries(keyspaceContent(keyspace));
  return Object.fromEntries(keys.map(([key, [, content, due]]) => [key, [content, due]]));
}
