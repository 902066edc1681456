/**
 * What DUMP gives and RESTORE takes: the type of a value, the value, and a footer of the version, two
 * bytes, and of the checksum of everything before it, eight. All numbers have their low byte first.
 */
import { type Database, NO_EXPIRY } from "../../keyspace/database.ts";
import { copyBytes } from "../../memory/bytes.ts";
import { Crc64 } from "../../memory/crc64.ts";
import { RdbInput, type RdbSlice } from "./input.ts";
import { putDraft, putString } from "./loader.ts";
import { CHECKSUM_BYTES, NEWEST_VERSION, RdbType, VALKEY_VERSION } from "./opcodes.ts";
import { type ByteSink, RdbOutput } from "./output.ts";
import {
  oldestVersionFor,
  type RdbTarget,
  rdbTypeOf,
  readValue,
  writeValue,
} from "./values/mod.ts";

const VERSION_BYTES = 2;
const FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES;
/** Bytes of a buffer that is kept from payload to payload. */
const BUFFER_BYTES = 16 << 10;

/** What comes out of an output, in one piece. */
class Gathered implements ByteSink {
  bytes = new Uint8Array(BUFFER_BYTES);
  length = 0;

  write(bytes: Uint8Array): void {
    const needed = this.length + bytes.length;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(2 * needed);
      copyBytes(grown, 0, this.bytes, 0, this.length);
      this.bytes = grown;
    }
    copyBytes(this.bytes, this.length, bytes, 0, bytes.length);
    this.length = needed;
  }
}

/**
 * The payload of an entry's value; a new array.
 *
 * @param wanted The version of the format, 9 to 12; where that cannot hold the value, a newer one is
 *   taken, which a server that would lose something of it refuses.
 */
export function dumpPayload(
  db: Database,
  entry: number,
  wanted: number,
  compresses: boolean,
): Uint8Array {
  const version = Math.max(wanted, oldestVersionFor(db, entry));
  const gathered = new Gathered();
  const output = new RdbOutput(gathered, { compresses, sums: true, bufferBytes: BUFFER_BYTES });
  output.byte(rdbTypeOf(db, entry, version));
  writeValue(output, db, entry, version);
  output.byte(version);
  output.byte(version >>> 8);
  output.checksum();
  output.flush();
  return gathered.bytes.subarray(0, gathered.length);
}

/** Whether a payload has a footer that fits, of a version that can be read. */
export function isPayload({ buf, start, end }: RdbSlice, comparesChecksum: boolean): boolean {
  if (end - start < FOOTER_BYTES) return false;
  const version = payloadVersion(buf, end);
  if (version > NEWEST_VERSION && version !== VALKEY_VERSION) return false;
  if (!comparesChecksum) return true;
  const crc = new Crc64();
  crc.update(buf, start, end - CHECKSUM_BYTES);
  return crc.matches(buf, end - CHECKSUM_BYTES);
}

function payloadVersion(buf: Uint8Array, end: number): number {
  return buf[end - FOOTER_BYTES] | (buf[end - FOOTER_BYTES + 1] << 8);
}

/** A value that has been read and has not got its key yet. */
export interface RestoredValue {
  /** A draft of the entry; 0 for a string, which is `text` then. */
  readonly draft: number;
  readonly text: RdbSlice;
}

/**
 * Reads the value of a payload that {@link isPayload} has approved.
 *
 * @returns null for a collection without elements. Throws an RdbError, or OutOfMemory, with nothing kept.
 */
export function readPayload(
  { buf, start, end }: RdbSlice,
  target: RdbTarget,
  key: RdbSlice,
): RestoredValue | null {
  const input = new RdbInput({ buf, start, end: end - FOOTER_BYTES }, false);
  input.reading = "the payload";
  const type = input.byte();
  if (type === RdbType.STRING) return { draft: 0, text: { ...input.string() } };
  const isValkey = payloadVersion(buf, end) === VALKEY_VERSION;
  const draft = readValue(input, type, isValkey, target, key);
  return draft === 0 ? null : { draft, text: NO_TEXT };
}

const NO_TEXT: RdbSlice = { buf: new Uint8Array(0), start: 0, end: 0 };

/** Makes a value that has been read the one of its key; returns the entry. Throws OutOfMemory. */
export function putRestored(
  db: Database,
  key: RdbSlice,
  { draft, text }: RestoredValue,
  due = NO_EXPIRY,
): number {
  return draft === 0 ? putString(db, key, text, due) : putDraft(db, draft, due);
}
