/** Patterns of SORT: names of keys with a `*` for the element, and maybe a hash's field behind `->`. */
import { copyBytes, findBytes, latin1 } from "../../memory/bytes.ts";
import { getField } from "../../keyspace/types/hash.ts";
import { fieldDue } from "../../keyspace/types/hash_due.ts";
import type { Args } from "../../resp/args.ts";
import { TypeId } from "../../structures/entry.ts";
import { Element } from "../../structures/listpack.ts";
import type { Client } from "../context.ts";

const STAR = latin1("*");
const ARROW = latin1("->");
const HASH_SIGN = 0x23; // #

const FIRST_KEY_BYTES = 256;

/** One pattern of a request; its bytes are the request's. */
export class SortPattern {
  /** What {@link find} has found: `buf[start, end)`, until the next time. */
  readonly value = new Element();
  readonly #buf: Uint8Array;
  readonly #start: number;
  /** Where the star is; -1: nowhere. */
  readonly #starAt: number;
  /** Where what stands for a key ends, and where the field begins, if there is one. */
  readonly #keyEnd: number;
  readonly #fieldStart: number;
  readonly #end: number;
  readonly #isElement: boolean;
  #key = new Uint8Array(FIRST_KEY_BYTES);

  /** The pattern at argument `i`. */
  constructor(args: Args, i: number) {
    const buf = args.bufs[i];
    const start = args.starts[i];
    const end = args.ends[i];
    this.#buf = buf;
    this.#start = start;
    this.#end = this.#keyEnd = this.#fieldStart = end;
    this.#isElement = end - start === 1 && buf[start] === HASH_SIGN;
    this.#starAt = findBytes(buf, start, end, STAR, 0, STAR.length);
    if (this.#starAt < 0) return;
    const arrowAt = findBytes(buf, this.#starAt + 1, end, ARROW, 0, ARROW.length);
    if (arrowAt < 0 || arrowAt + ARROW.length === end) return;
    this.#keyEnd = arrowAt;
    this.#fieldStart = arrowAt + ARROW.length;
  }

  /** Whether it names another key for each element. */
  get hasStar(): boolean {
    return this.#starAt >= 0;
  }

  /** Finds what the pattern means for an element; false when there is no such string or field. */
  find(client: Client, element: Uint8Array, start: number, end: number): boolean {
    const { db } = client;
    const { value } = this;
    if (this.#isElement) return show(value, element, start, end);
    if (this.#starAt < 0) return false;
    const length = this.#makeKey(element, start, end);
    const entry = db.lookupRead(this.#key, 0, length);
    if (entry === 0) return false;
    if (this.#fieldStart < this.#end) return this.#findField(client, entry);
    if (db.type(entry) !== TypeId.STRING) return false;
    const text = db.value(entry);
    return show(value, text.buf, text.start, text.end);
  }

  /** Finds the field in the value of a key, if that is a hash. */
  #findField({ db, db: { keyspace } }: Client, entry: number): boolean {
    const buf = this.#buf;
    const start = this.#fieldStart;
    const end = this.#end;
    if (db.type(entry) !== TypeId.HASH) return false;
    if (!getField(keyspace, entry, buf, start, end, this.value)) return false;
    return !db.fields.hasDue(entry, keyspace.nowMs) ||
      fieldDue(keyspace, entry, buf, start, end) > keyspace.nowMs;
  }

  /** Makes the key's name, with an element in the star's place; returns its length. */
  #makeKey(element: Uint8Array, start: number, end: number): number {
    const prefix = this.#starAt - this.#start;
    const middle = prefix + end - start;
    const length = middle + this.#keyEnd - this.#starAt - 1;
    if (length > this.#key.length) this.#key = new Uint8Array(2 * length);
    copyBytes(this.#key, 0, this.#buf, this.#start, this.#starAt);
    copyBytes(this.#key, prefix, element, start, end);
    copyBytes(this.#key, middle, this.#buf, this.#starAt + 1, this.#keyEnd);
    return length;
  }
}

function show(view: Element, buf: Uint8Array, start: number, end: number): true {
  view.buf = buf;
  view.start = start;
  view.end = end;
  return true;
}
