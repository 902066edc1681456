/**
 * A dump of all keys as they are at one moment, written while commands go on.
 *
 * A walk goes through the tables of all databases in slices between turns. Each table is divided into
 * cells of some ten keys (table_walk.ts). Before a key changes, comes or goes, its cell is written if
 * the walk has not seen it yet; so every key is written as it was at the start, whatever happens to it
 * afterwards, and keys that come later are in cells that have been seen. Nothing is copied, and no key
 * is written twice.
 *
 * Values that take longer to write than a slice lasts, the giants, are written a portion at a time.
 * Meanwhile the keyspace is pinned, and what must be written before it changes is written aside. Where
 * a giant itself is about to change, the rest of it is written at once, which is as long as the change
 * is held up.
 *
 * Tables that are flushed are taken over, walked through to the end, and freed then.
 */
import { Database } from "../../keyspace/database.ts";
import type { Keyspace } from "../../keyspace/keyspace.ts";
import type { ChangeGuard } from "../../keyspace/change_guard.ts";
import type { Cancel, Clock, Files } from "../../platform/mod.ts";
import type { Dict } from "../../structures/dict.ts";
import { RdbOutput } from "../rdb/output.ts";
import { auxOf, type DumpOrigin } from "../rdb/save.ts";
import { isGiant, type Portions, valuePortions, writeAll, writeValue } from "../rdb/values/mod.ts";
import { RdbWriter, type UsageNote } from "../rdb/writer.ts";
import { FileStream, type FileStreamListener } from "./file_stream.ts";
import { SideOutput } from "./side_output.ts";
import { TableWalk } from "./table_walk.ts";

/** What a snapshot needs of the server. */
export interface SnapshotHost {
  readonly keyspace: Keyspace;
  readonly platform: { readonly clock: Clock; readonly files: Files };
  /** How many commands have run so far: whether anybody is kept waiting. */
  readonly stats: { readonly commandsProcessed: number };
  /** The snapshot that is under way: there is one at most. */
  activeSnapshot: Snapshot | null;
  /** Runs `work` in a turn of its own, `ms` from now or later. */
  after(ms: number, what: string, work: () => void): Cancel;
}

/** What is written, and how. */
export interface SnapshotOptions {
  /** The version of RDB; it must be able to hold all keys, see `saveVersion`. */
  readonly version: number;
  readonly usage: UsageNote;
  readonly compresses: boolean;
  readonly sums: boolean;
  /** Whether what has been written goes to the disk in portions (`rdb-save-incremental-fsync`). */
  readonly syncsOften: boolean;
  readonly origin: DumpOrigin;
  /** The code of function libraries, one character for each byte. */
  readonly functions: readonly string[];
  /** How long to wait after each key, in µs, for tests (`rdb-key-save-delay`); asked for each slice. */
  readonly keyDelayUs: () => number;
}

/**
 * Told once when a snapshot is over, in a turn of its own: `null` when the file is whole and on the
 * disk, under the name that it was given; else why it is not, and then there is no file. Whoever
 * aborts a snapshot is not told.
 */
export type SnapshotDone = (failure: unknown) => void;

/** The longest slice, in ms: while commands come, and while none do. */
const BUSY_SLICE_MS = 1;
const IDLE_SLICE_MS = 4;
/** The loop is left to others for so long after a slice, in ms. */
const PAUSE_MS = 1;
/** No more is kept aside than so many bytes: then the giant is written to its end. */
const ASIDE_BYTES = 16 << 20;

/** How many elements of a value are measured to tell how much memory was written early. */
const MEASURED_ELEMENTS = 5;

/** A giant on its way into the dump. */
interface OpenGiant {
  readonly walk: TableWalk;
  readonly hash: number;
  /** Null until it is begun. */
  portions: Portions | null;
  readonly entry: number;
}

export class Snapshot implements FileStreamListener {
  readonly #host: SnapshotHost;
  readonly #path: string;
  readonly #options: SnapshotOptions;
  readonly #done: SnapshotDone;
  /** Shows entries; none of its own are in it. */
  readonly #view: Database;
  readonly #guards: TableGuard[] = [];
  #stream: FileStream | null = null;
  readonly #writer: RdbWriter;
  readonly #aside: SideOutput;
  readonly #asideWriter: RdbWriter;
  /** The database of the last key, in the dump and aside; -1 for none. */
  #db = -1;
  #asideDb = -1;
  /** The giants of the cell that has been written last, which are still to be written. */
  #giants: OpenGiant[] = [];
  #cancel: Cancel | null = null;
  #isOver = false;
  #commandsSeen = -1;
  #isEarly = false;
  /** How many keys there were at the start, and how many have been written. */
  readonly totalKeys: number;
  keys = 0;
  /** Memory of the keys that were written because something was about to change, in bytes. */
  earlyBytes = 0;

  /**
   * Begins: the dump will be what the keyspace is now. There must be no other active snapshot.
   *
   * @param path A name that nobody else uses.
   */
  constructor(host: SnapshotHost, path: string, options: SnapshotOptions, done: SnapshotDone) {
    this.#host = host;
    this.#path = path;
    this.#options = options;
    this.#done = done;
    host.activeSnapshot = this;
    const { keyspace } = host;
    this.#view = new Database(keyspace, 0);
    this.totalKeys = keyspace.size;
    const { version, usage, compresses, sums } = options;
    this.#aside = new SideOutput(compresses);
    this.#asideWriter = new RdbWriter(this.#aside.output, version, usage);
    const output = new RdbOutput({ write: (bytes) => this.#stream!.write(bytes) }, {
      compresses,
      sums,
    });
    this.#writer = new RdbWriter(output, version, usage);
    try {
      this.#stream = new FileStream(host.platform.files, path, options.syncsOften, this);
      this.#begin();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Bytes of the dump that are in memory, not yet written. */
  get pendingBytes(): number {
    return (this.#stream?.pendingBytes ?? 0) + this.#aside.keptBytes;
  }

  /** Stops, and removes the file. */
  abort(): void {
    if (this.#isOver) return;
    this.#letGo();
    this.#stream?.abort();
    this.#removeFile();
  }

  // ---------------------------------------------------------------- beginning

  #begin(): void {
    const { keyspace } = this.#host;
    const writer = this.#writer;
    writer.begin(auxOf(this.#options.origin));
    for (const code of this.#options.functions) writer.library(code);
    for (const db of keyspace.used.toSorted((a, b) => a.index - b.index)) {
      if (db.size === 0) continue;
      this.#select(writer, db.index);
      writer.sizes(db.size, db.expires.size);
      const guard = new TableGuard(this, new TableWalk(db.dict, db.index));
      this.#guards.push(guard);
      db.setGuard(guard);
    }
    this.#schedule(0);
  }

  /** The keys that follow are of a database. */
  #select(writer: RdbWriter, db: number): void {
    const isAside = writer === this.#asideWriter;
    if ((isAside ? this.#asideDb : this.#db) === db) return;
    writer.database(db);
    if (isAside) this.#asideDb = db;
    else this.#db = db;
  }

  // ---------------------------------------------------------------- the walk

  #schedule(ms: number): void {
    this.#cancel = this.#host.after(ms, "a snapshot", () => {
      this.#cancel = null;
      this.#guarded(() => this.#slice());
    });
  }

  /** Runs a part of the work; what it throws ends the snapshot, and nothing else. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #slice(): void {
    const { clock } = this.#host.platform;
    const { commandsProcessed } = this.#host.stats;
    const isBusy = commandsProcessed !== this.#commandsSeen;
    this.#commandsSeen = commandsProcessed;
    const endMs = clock.monotonicMs() + (isBusy ? BUSY_SLICE_MS : IDLE_SLICE_MS);
    const delayUs = this.#options.keyDelayUs();
    const { keys } = this;
    do {
      if (this.#stream!.isFull) return; // until it is drained
      if (!this.#step()) return this.#end();
    } while (delayUs <= 0 && clock.monotonicMs() < endMs);
    this.#schedule(
      delayUs > 0 ? Math.max(PAUSE_MS, delayUs * (this.keys - keys) / 1000) : PAUSE_MS,
    );
  }

  /** Writes a portion of a giant or a cell; false when there is nothing left. */
  #step(): boolean {
    if (this.#giants.length > 0) {
      this.#stepGiant();
      return true;
    }
    while (this.#guards.length > 0) {
      const { walk } = this.#guards[0];
      const cell = walk.nextUnseen();
      if (cell >= 0) {
        this.#writeCell(walk, cell, true);
        return true;
      }
      this.#release(this.#guards.shift()!);
    }
    return false;
  }

  /** @param defersGiants Whether giants may be written later, or all is to be written now. */
  #writeCell(walk: TableWalk, cell: number, defersGiants: boolean): void {
    const writer = this.#giants.length > 0 ? this.#asideWriter : this.#writer;
    const view = this.#view;
    walk.see(cell, (entry) => {
      if (defersGiants && isGiant(view, entry)) {
        const { buf, start, end } = view.key(entry);
        this.#giants.push({ walk, hash: walk.dict.hash(buf, start, end), entry, portions: null });
        return;
      }
      this.#select(writer, walk.db);
      writer.keyHead(view, entry);
      // A long string is not compressed here either: that would take much longer than writing it.
      if (isGiant(view, entry)) writeAll(valuePortions(writer.output, view, entry, writer.version));
      else writeValue(writer.output, view, entry, writer.version);
      if (this.#isEarly) this.earlyBytes += view.entryBytes(entry, MEASURED_ELEMENTS);
      this.keys++;
    });
    this.#host.keyspace.isPinned = this.#giants.length > 0;
  }

  // ---------------------------------------------------------------- giants

  /** Writes the next portion of the first giant. */
  #stepGiant(): void {
    const giant = this.#giants[0];
    if (giant.portions === null) {
      this.#select(this.#writer, giant.walk.db);
      this.#writer.keyHead(this.#view, giant.entry);
      const { output, version } = this.#writer;
      giant.portions = valuePortions(output, this.#view, giant.entry, version);
    }
    if (!giant.portions.next().done) return;
    this.#giants.shift();
    this.keys++;
    this.#asideFollows();
    this.#host.keyspace.isPinned = this.#giants.length > 0;
  }

  /** Writes all giants that are to be written. */
  #finishGiants(): void {
    while (this.#giants.length > 0) this.#stepGiant();
  }

  #asideFollows(): void {
    this.#aside.moveTo(this.#writer.output);
    if (this.#asideDb >= 0) this.#db = this.#asideDb;
    this.#asideDb = -1;
  }

  /** Whether a giant is in a cell that has not been seen. */
  #hasGiant(walk: TableWalk, cell: number): boolean {
    let hasGiant = false;
    walk.visit(cell, (entry) => {
      hasGiant ||= isGiant(this.#view, entry);
    });
    return hasGiant;
  }

  // ---------------------------------------------------------------- what is about to change

  /** A key is about to change: see {@link ChangeGuard.beforeChange}. */
  beforeChange(walk: TableWalk, hash: number): void {
    const cell = walk.cellOf(hash);
    if (!walk.isSeen(cell)) this.#guarded(() => this.#writeEarly(walk, cell));
    else if (this.#giants.length > 0) this.#guarded(() => this.#finishIfOpen(walk, hash));
  }

  #writeEarly(walk: TableWalk, cell: number): void {
    if (this.#isEarly) throw new Error("A snapshot must not change what it writes");
    this.#isEarly = true;
    const hasToWait = this.#giants.length > 0 && this.#hasGiant(walk, cell);
    if (hasToWait || this.#aside.keptBytes > ASIDE_BYTES) this.#finishGiants();
    this.#writeCell(walk, cell, false);
    this.#isEarly = false;
  }

  #finishIfOpen(walk: TableWalk, hash: number): void {
    if (this.#giants.some((giant) => giant.walk === walk && giant.hash === hash)) {
      this.#finishGiants();
    }
  }

  // ---------------------------------------------------------------- the end

  #end(): void {
    this.#writer.end();
    this.#stream!.end();
  }

  drained(): void {
    if (!this.#isOver) this.#schedule(0);
  }

  finished(): void {
    if (this.#isOver) return;
    this.#letGo();
    this.#host.after(0, "the end of a snapshot", () => this.#done(null));
  }

  failed(error: unknown): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.abort();
    this.#host.after(0, "the end of a snapshot", () => this.#done(error));
  }

  /** Nothing is to be told any more of what changes. */
  #letGo(): void {
    this.#isOver = true;
    this.#host.activeSnapshot = null;
    this.#cancel?.();
    this.#cancel = null;
    this.#giants = [];
    this.#host.keyspace.isPinned = false;
    for (const guard of this.#guards) this.#release(guard);
    this.#guards.length = 0;
  }

  /** A table has been seen: nobody guards it, and one that was flushed can go. */
  #release(guard: TableGuard): void {
    const { keyspace } = this.#host;
    for (const db of keyspace.used) {
      if (db.dict === guard.walk.dict) db.setGuard(null);
    }
    if (guard.freeEntry === null) return;
    const table = guard.walk.dict.detach();
    if (table !== null) keyspace.lazyFree.table(table, guard.freeEntry);
  }

  #removeFile(): void {
    try {
      this.#host.platform.files.removeSync(this.#path);
    } catch {
      // What went wrong before says more.
    }
  }
}

/** Guards one table for a snapshot. */
class TableGuard implements ChangeGuard {
  readonly #snapshot: Snapshot;
  readonly walk: TableWalk;
  /** How to free the entries, once the table has been taken over; null until then. */
  freeEntry: ((entry: number) => void) | null = null;

  constructor(snapshot: Snapshot, walk: TableWalk) {
    this.#snapshot = snapshot;
    this.walk = walk;
  }

  beforeChange(hash: number): void {
    this.#snapshot.beforeChange(this.walk, hash);
  }

  takeOver(_dict: Dict, freeEntry: (entry: number) => void): boolean {
    this.freeEntry = freeEntry;
    return true;
  }
}
