/**
 * Reading a dump record by record, from whichever server it comes: what opcodes.ts draws. Damage throws
 * an {@link RdbError}, with the offset and with what was being read.
 */
import { latin1Text } from "../../memory/bytes.ts";
import type { RdbInput, RdbSlice } from "./input.ts";
import { KeptBytes } from "./kept_bytes.ts";
import {
  CHECKSUM_BYTES,
  CHECKSUM_SINCE_VERSION,
  isNamedType,
  MAX_HEAD_VERSION,
  Opcode,
  RdbType,
  typeName,
  VALKEY_VERSION,
} from "./opcodes.ts";
import { type RdbTarget, readValue, skipModuleAux, skipModuleValue } from "./values/mod.ts";

/** What {@link RdbReader.next} has found. */
export const RdbRecord = {
  /** `aux`, the name and value of a property of the dump. */
  AUX: 0,
  /** The keys that follow are in the database `db`. */
  DATABASE: 1,
  /** `text` is the code of a function library. */
  FUNCTION: 2,
  /** What the module `text` has written beside the keys; it has been passed over. */
  MODULE_AUX: 3,
  /** `key`, whose value the module `text` has written; it has been passed over. */
  MODULE_VALUE: 4,
  /** `key` with a value of the type `type`, which must be read now. */
  KEY: 5,
  /** The end; what follows in the input is no part of the dump. */
  END: 6,
} as const;

/** For a key: it does not expire, or its use is not known. */
export const NOT_GIVEN = -1;

const HEAD_BYTES = 9;
const REDIS_HEAD = /^REDIS(\d{4})$/;
const VALKEY_HEAD = /^VALKEY(\d{3})$/;

export class RdbReader {
  readonly input: RdbInput;
  /** The version in the head. */
  version = 0;
  /** Whether the dump is one of Valkey 9 or later, by its magic. */
  isValkey = false;
  /** The database of the keys that follow. */
  db = 0;
  readonly aux = { name: "", value: "" };
  /** Bytes as characters; see {@link RdbRecord}. */
  text = "";
  readonly key = new KeptBytes();
  /** One of RdbType. */
  type = 0;
  /** When the key expires, ms since 1970, or NOT_GIVEN. */
  dueMs = NOT_GIVEN;
  /** For how long the key has not been used, in seconds, or NOT_GIVEN. */
  idleSeconds = NOT_GIVEN;
  /** The key's counter of uses, 0 to 255, or NOT_GIVEN. */
  frequency = NOT_GIVEN;
  readonly #sums: boolean;
  readonly #readingKey = () => `a key of the type ${typeName(this.type, this.isValkey)}`;
  readonly #readingValue = () =>
    `a value of the type ${typeName(this.type, this.isValkey)}, of key ${shownKey(this.key)}`;

  /** @param sums Whether the checksum at the end is compared. */
  constructor(input: RdbInput, sums: boolean) {
    this.input = input;
    this.#sums = sums;
  }

  /** Reads the head; to be called first. */
  begin(): void {
    const { input } = this;
    const { buf, start } = input.bytes(HEAD_BYTES);
    const head = latin1Text(buf, start, start + HEAD_BYTES);
    const redis = REDIS_HEAD.exec(head);
    const valkey = VALKEY_HEAD.exec(head);
    if (redis === null && valkey === null) throw input.damaged("this is not the head of a dump");
    this.isValkey = valkey !== null;
    this.version = Number((redis ?? valkey)![1]);
    const isKnown = this.isValkey
      ? this.version === VALKEY_VERSION
      : this.version >= 1 && this.version <= MAX_HEAD_VERSION;
    if (!isKnown) throw input.unsupported(`version ${this.version} of the format`);
  }

  /** Goes to the next record, one of {@link RdbRecord}. */
  next(): number {
    const { input } = this;
    this.dueMs = this.idleSeconds = this.frequency = NOT_GIVEN;
    input.releaseLong();
    for (;;) {
      input.reading = "the beginning of a record";
      const opcode = input.byte();
      switch (opcode) {
        case Opcode.EXPIRETIME:
          this.dueMs = input.int32() * 1000;
          continue;
        case Opcode.EXPIRETIME_MS:
          this.dueMs = Math.max(0, input.int64());
          continue;
        case Opcode.IDLE:
          this.idleSeconds = input.length();
          continue;
        case Opcode.FREQ:
          this.frequency = input.byte();
          continue;
        case Opcode.RESIZEDB:
          input.length();
          input.length();
          continue;
        case Opcode.SLOT_INFO:
          for (let i = 0; i < 3; i++) input.length();
          continue;
        case Opcode.SLOT_IMPORT:
          this.#skipSlotImport();
          continue;
        default:
          return this.#record(opcode);
      }
    }
  }

  #record(opcode: number): number {
    const { input } = this;
    switch (opcode) {
      case Opcode.AUX:
        input.reading = "a property of the dump";
        this.aux.name = input.text();
        this.aux.value = input.text();
        return RdbRecord.AUX;
      case Opcode.SELECTDB:
        this.db = input.length();
        return RdbRecord.DATABASE;
      case Opcode.FUNCTION_2:
        input.reading = "a function library";
        this.text = input.text();
        return RdbRecord.FUNCTION;
      case Opcode.FUNCTION_PRE_GA:
        return this.#oldFunction();
      case Opcode.MODULE_AUX:
        input.reading = "what a module has written";
        this.text = skipModuleAux(input);
        return RdbRecord.MODULE_AUX;
      case Opcode.EOF:
        this.#end();
        return RdbRecord.END;
      default:
        return this.#key(opcode);
    }
  }

  #key(type: number): number {
    const { input } = this;
    if (!isNamedType(type)) throw input.damaged(`${type} begins no record`);
    this.type = type;
    input.reading = this.#readingKey;
    this.key.keep(input.string());
    input.reading = this.#readingValue;
    if (type === RdbType.MODULE_PRE_GA) {
      throw input.unsupported("it was written by a module of a release candidate of Redis 4");
    }
    if (type !== RdbType.MODULE_2) return RdbRecord.KEY;
    this.text = skipModuleValue(input);
    return RdbRecord.MODULE_VALUE;
  }

  /** Reads the value of `key`, a string; valid until the next read. */
  readString(): RdbSlice {
    return this.input.string();
  }

  /** Reads the value of `key`, which is not a string; see {@link readValue}. */
  readValue(target: RdbTarget): number {
    return readValue(this.input, this.type, this.isValkey, target, this.key);
  }

  /** A library as the release candidates of Redis 7 wrote it: name, engine, maybe a description, code. */
  #oldFunction(): number {
    const { input } = this;
    input.reading = "a function library";
    const name = input.text();
    const engine = input.text();
    if (input.length() !== 0) input.string();
    const code = input.text();
    // Since then the code itself names the library.
    this.text = `#!${engine.toLowerCase()} name=${name}\n${code}`;
    return RdbRecord.FUNCTION;
  }

  /** Valkey: a slot that was being imported; the import itself does not survive. */
  #skipSlotImport(): void {
    const { input } = this;
    if (!this.isValkey) throw input.unsupported("metadata that modules keep of a key (Redis 8.6)");
    input.reading = "an import of slots";
    input.string();
    for (let left = input.count(2); left > 0; left--) {
      input.length();
      input.length();
    }
  }

  #end(): void {
    const { input, version } = this;
    if (version < CHECKSUM_SINCE_VERSION) return;
    input.reading = "the checksum";
    const sum = this.#sums ? input.checksum() : null;
    const low = sum?.low;
    const high = sum?.high;
    const { buf, start } = input.bytes(CHECKSUM_BYTES);
    if (sum === null || isZero(buf, start)) return;
    sum.low = low!;
    sum.high = high!;
    if (!sum.matches(buf, start)) {
      throw input.damaged("RDB CRC error: it does not fit what has been read");
    }
  }
}

function isZero(buf: Uint8Array, at: number): boolean {
  for (let i = 0; i < CHECKSUM_BYTES; i++) if (buf[at + i] !== 0) return false;
  return true;
}

/** The longest part of a key that a message shows. */
const SHOWN_KEY_BYTES = 64;

/** A key as a message shows it. */
function shownKey({ buf, end }: KeptBytes): string {
  const text = JSON.stringify(latin1Text(buf, 0, Math.min(end, SHOWN_KEY_BYTES)));
  return end > SHOWN_KEY_BYTES ? `${text}…` : text;
}
