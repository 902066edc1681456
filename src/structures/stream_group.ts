/**
 * A consumer group of a stream: up to where it has read, its consumers (stream_consumers.ts), and the
 * entries that are pending, delivered to a consumer and not acknowledged. They are an ID tree
 * (id_tree.ts), whose items tell whom an entry was delivered to, when, and how often:
 *
 *   word 0       the number of the consumer
 *   words 1, 2   the last delivery, ms since 1970, low and high half
 *   words 3, 4   how many deliveries, low and high half
 *
 * Each pending ID is in its consumer's own tree, too.
 */
import type { Slabs } from "../memory/slab.ts";
import {
  compactTree,
  copyTree,
  findId,
  findToRemove,
  freeNodes,
  IdTreePosition,
  insertId,
  lastId,
  nextId,
  readIdAt,
  removeFound,
  removeId,
  seekId,
  setValueWord,
  treeBytes,
  valueWord,
} from "./id_tree.ts";
import type { NameView } from "./name_table.ts";
import { StreamConsumers } from "./stream_consumers.ts";
import { StreamId } from "./stream_id.ts";

const CONSUMER = 0;
const TIME_LOW = 1;
const COUNT_LOW = 3;
const VALUE_WORDS = 5;
const TWO_32 = 2 ** 32;
const NOBODY = -1;

/** `entriesRead` of a group that cannot tell. */
export const UNKNOWN_ENTRIES_READ = -1;

/** A pending entry, as {@link StreamGroup.find} and the like show it. */
export class PendingEntry {
  readonly id = new StreamId();
  /** The number of the consumer. */
  consumer = 0;
  /** The last delivery, ms since 1970. */
  deliveryMs = 0;
  deliveryCount = 0;
  /** Where it is among all, and among those of its consumer if it was looked for there. */
  readonly position = new IdTreePosition();
  readonly ownPosition = new IdTreePosition();
  /** The group's state for which the positions hold. */
  state = 0;
}

const position = new IdTreePosition();
const ownPosition = new IdTreePosition();

export class StreamGroup {
  readonly #slabs: Slabs;
  readonly consumers: StreamConsumers;
  /** The last ID that was delivered as new. */
  readonly lastId = new StreamId();
  /** How many entries of the stream there are up to `lastId`, removed ones counted, or UNKNOWN_ENTRIES_READ. */
  entriesRead = UNKNOWN_ENTRIES_READ;
  #pending = 0;
  #pendingCount = 0;
  /** Another one whenever entries have come, gone, moved or changed their consumer. */
  #state = 0;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
    this.consumers = new StreamConsumers(slabs);
  }

  /** How many entries are pending. */
  get pendingCount(): number {
    return this.#pendingCount;
  }

  /** Bytes of everything here. O(inner nodes and consumers). */
  get bytes(): number {
    return treeBytes(this.#slabs, this.#pending) + this.consumers.bytes;
  }

  // -------------------------------------------------------------- looking

  /** Shows the pending entry of an ID; false when it is not pending. */
  find(id: StreamId, entry: PendingEntry): boolean {
    if (!findId(this.#slabs, this.#pending, id, entry.position)) return false;
    this.#show(entry);
    return true;
  }

  /** Shows the first pending entry whose ID is not smaller; false when there is none. */
  seek(id: StreamId, entry: PendingEntry): boolean {
    if (!seekId(this.#slabs, this.#pending, id, entry.position)) return false;
    this.#show(entry);
    return true;
  }

  /** As {@link seek}, among those of one consumer. */
  seekOwn(consumer: number, id: StreamId, entry: PendingEntry): boolean {
    const slabs = this.#slabs;
    if (!seekId(slabs, this.consumers.pending(consumer), id, entry.ownPosition)) return false;
    readIdAt(slabs, entry.ownPosition, entry.id);
    return this.find(entry.id, entry);
  }

  /** Goes on from a pending entry to the next; false at the end. O(1) when nothing has changed, else O(log n). */
  next(entry: PendingEntry): boolean {
    if (entry.state !== this.#state) return entry.id.increment() && this.seek(entry.id, entry);
    if (!nextId(this.#slabs, entry.position)) return false;
    this.#show(entry);
    return true;
  }

  /** Goes on from a pending entry of a consumer, found by {@link seekOwn}, to its next; false at the end. O(log n). */
  nextOwn(consumer: number, entry: PendingEntry): boolean {
    const slabs = this.#slabs;
    if (entry.state !== this.#state) {
      return entry.id.increment() && this.seekOwn(consumer, entry.id, entry);
    }
    if (!nextId(slabs, entry.ownPosition)) return false;
    readIdAt(slabs, entry.ownPosition, entry.id);
    return this.find(entry.id, entry);
  }

  /** Reads the last pending ID; there must be one. */
  readLastPending(id: StreamId): void {
    lastId(this.#slabs, this.#pending, position);
    readIdAt(this.#slabs, position, id);
  }

  // -------------------------------------------------------------- changes

  /**
   * Makes an entry pending for a consumer, whether or not it has been so for anybody.
   *
   * @param deliveryCount A safe integer that is not negative. Throws OutOfMemory with nothing changed.
   */
  assign(id: StreamId, consumer: number, deliveryMs: number, deliveryCount: number): void {
    const slabs = this.#slabs;
    this.#pending = insertId(slabs, this.#pending, VALUE_WORDS, id, position);
    if (position.isNew) {
      this.#state = (this.#state + 1) | 0;
      try {
        this.#own(consumer, id);
      } catch (failure) {
        this.#pending = removeId(slabs, this.#pending, id);
        throw failure;
      }
      this.#pendingCount++;
    } else {
      const owner = valueWord(slabs, position, CONSUMER);
      if (owner !== consumer) {
        this.#own(consumer, id);
        this.#disown(owner, id);
      }
    }
    setValueWord(slabs, position, CONSUMER, consumer);
    setPair(slabs, position, TIME_LOW, deliveryMs);
    setPair(slabs, position, COUNT_LOW, deliveryCount);
  }

  /** Notes another delivery of a pending entry to its consumer. */
  redeliver(entry: PendingEntry, deliveryMs: number): void {
    const slabs = this.#slabs;
    if (entry.state !== this.#state) this.find(entry.id, entry);
    setPair(slabs, entry.position, TIME_LOW, deliveryMs);
    setPair(slabs, entry.position, COUNT_LOW, entry.deliveryCount + 1);
  }

  /** Forgets a pending entry; false when it is not pending. */
  acknowledge(id: StreamId): boolean {
    const slabs = this.#slabs;
    if (!findToRemove(slabs, this.#pending, id, position)) return false;
    const owner = valueWord(slabs, position, CONSUMER);
    this.#pending = removeFound(slabs, this.#pending);
    this.#disown(owner, id);
    this.#pendingCount--;
    this.#state = (this.#state + 1) | 0;
    return true;
  }

  /** Removes a consumer with all that is pending for it; O(log n) for each of these. */
  removeConsumer(consumer: number): void {
    const slabs = this.#slabs;
    const { consumers } = this;
    const root = consumers.pending(consumer);
    firstId.setMin();
    for (
      let more = seekId(slabs, root, firstId, ownPosition);
      more;
      more = nextId(slabs, ownPosition)
    ) {
      readIdAt(slabs, ownPosition, firstId);
      this.#pending = removeId(slabs, this.#pending, firstId);
    }
    this.#pendingCount -= consumers.pendingCount(consumer);
    this.#state = (this.#state + 1) | 0;
    freeNodes(slabs, root, Infinity);
    consumers.remove(consumer);
  }

  // -------------------------------------------------------------- from a dump

  /**
   * Makes an entry pending for nobody yet; each must be given its consumer by {@link own} before
   * anything else is done.
   *
   * @returns False when it is pending already. Throws OutOfMemory with nothing changed.
   */
  addUnowned(id: StreamId, deliveryMs: number, deliveryCount: number): boolean {
    const slabs = this.#slabs;
    if (findId(slabs, this.#pending, id, position)) return false;
    this.#pending = insertId(slabs, this.#pending, VALUE_WORDS, id, position);
    this.#pendingCount++;
    this.#state = (this.#state + 1) | 0;
    setValueWord(slabs, position, CONSUMER, NOBODY);
    setPair(slabs, position, TIME_LOW, deliveryMs);
    setPair(slabs, position, COUNT_LOW, deliveryCount);
    return true;
  }

  /** Gives such an entry its consumer; false when it is not pending, or has one. Throws OutOfMemory with nothing changed. */
  own(id: StreamId, consumer: number): boolean {
    const slabs = this.#slabs;
    if (!findId(slabs, this.#pending, id, position)) return false;
    if (valueWord(slabs, position, CONSUMER) !== NOBODY) return false;
    this.#own(consumer, id);
    setValueWord(slabs, position, CONSUMER, consumer);
    return true;
  }

  // -------------------------------------------------------------- the whole

  /** Gives a group without anything copies of all that another has. Throws OutOfMemory, with some of it here. */
  copy(other: StreamGroup): void {
    const slabs = this.#slabs;
    this.lastId.copy(other.lastId);
    this.entriesRead = other.entriesRead;
    /** The numbers of the copies; an owner's is looked up for each pending entry. */
    const numbers = new Map<number, number>();
    for (let rank = 0; rank < other.consumers.size; rank++) {
      const consumer = other.consumers.numberAt(rank);
      other.consumers.showName(consumer, name);
      const copy = this.consumers.add(
        name.buf,
        name.start,
        name.end,
        other.consumers.seenMs(consumer),
      );
      this.consumers.setActiveMs(copy, other.consumers.activeMs(consumer));
      const root = copyTree(slabs, other.consumers.pending(consumer));
      this.consumers.setPending(copy, root, other.consumers.pendingCount(consumer));
      numbers.set(consumer, copy);
    }
    this.#pending = copyTree(slabs, other.#pending);
    this.#pendingCount = other.#pendingCount;
    firstId.setMin();
    let more = seekId(slabs, this.#pending, firstId, position);
    for (; more; more = nextId(slabs, position)) {
      const owner = valueWord(slabs, position, CONSUMER);
      setValueWord(slabs, position, CONSUMER, numbers.get(owner)!);
    }
  }

  /** Frees some of what there is, so many blocks at most; true when nothing is left. */
  freeSome(most: number): boolean {
    this.#pending = freeNodes(this.#slabs, this.#pending, most);
    return this.#pending === 0 && this.consumers.freeSome(most);
  }

  /** Moves what compaction wants away, and counts it. */
  compact(tally: { moved: number }): void {
    this.#state = (this.#state + 1) | 0;
    this.#pending = compactTree(this.#slabs, this.#pending, tally);
    this.consumers.compact(tally);
  }

  #show(entry: PendingEntry): void {
    const slabs = this.#slabs;
    const { position } = entry;
    entry.state = this.#state;
    readIdAt(slabs, position, entry.id);
    entry.consumer = valueWord(slabs, position, CONSUMER);
    entry.deliveryMs = pair(slabs, position, TIME_LOW);
    entry.deliveryCount = pair(slabs, position, COUNT_LOW);
  }

  #own(consumer: number, id: StreamId): void {
    const { consumers } = this;
    const root = insertId(this.#slabs, consumers.pending(consumer), 0, id, ownPosition);
    consumers.setPending(consumer, root, consumers.pendingCount(consumer) + 1);
    this.#state = (this.#state + 1) | 0;
  }

  #disown(consumer: number, id: StreamId): void {
    const { consumers } = this;
    const root = removeId(this.#slabs, consumers.pending(consumer), id);
    consumers.setPending(consumer, root, consumers.pendingCount(consumer) - 1);
  }
}

const firstId = new StreamId();
const name: NameView = { buf: new Uint8Array(0), start: 0, end: 0 };

function pair(slabs: Slabs, position: IdTreePosition, word: number): number {
  return valueWord(slabs, position, word + 1) * TWO_32 + (valueWord(slabs, position, word) >>> 0);
}

function setPair(slabs: Slabs, position: IdTreePosition, word: number, value: number): void {
  setValueWord(slabs, position, word, value | 0);
  setValueWord(slabs, position, word + 1, Math.floor(value / TWO_32));
}
