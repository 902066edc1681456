/**
 * The increment that is being written, and when what is in it must have reached the disk.
 *
 * What has been told since the last call is appended in one write. By `appendfsync`:
 *
 *     always    the call returns when the disk has it
 *     everysec  another thread sees to it once a second; while it does, writing would have to wait,
 *               too, so up to two seconds long nothing is written
 *     no        the system chooses
 *
 * When a write fails nothing is lost: what has been written of it is cut off again, and all of it is
 * written by a later call. When a sync fails the system may have dropped what it was to bring to the
 * disk, and later syncs say nothing of that: so the file is not to be trusted from then on, and nothing
 * more is written to it.
 */
import { errorText, type OpenFile } from "../../platform/mod.ts";
import type { Effects } from "../effects.ts";

/** The settings that say when something must be on the disk. */
export interface AofSyncSettings {
  readonly appendfsync: "always" | "everysec" | "no";
}

/** What a log tells its owner. */
export interface AofLogListener {
  /** Writing fails, for the first time since it did not; or the disk does not take what was written. */
  failed(failure: AofFailure): void;
  /** Writing goes on. */
  recovered(): void;
  /** Waiting any longer for a slow disk would lose too much. */
  delayed(): void;
  /** More of the log has reached the disk. */
  synced(): void;
  /** How long something has taken, ms. */
  took(event: AofEvent, ms: number): void;
}

/** What went wrong. */
export interface AofFailure {
  readonly what: "write" | "sync";
  /** In the system's words. */
  readonly text: string;
}

/** As LATENCY knows them. */
export type AofEvent = "aof-write" | "aof-write-pending-fsync" | "aof-fsync-always";

/** For how long everysec lets what is told wait for a disk that is busy. */
const POSTPONE_MS = 2000;
const SYNC_EVERY_MS = 1000;
/** What waits takes no more memory than this, or is written whatever the disk does. */
const POSTPONED_MAX_BYTES = 32 << 20;

export class AofLog {
  /** Bytes of the file that are whole. */
  size = 0;
  /** How many bytes have been written so far, and how many of them are on the disk. */
  writtenBytes = 0;
  syncedBytes = 0;
  /** How often a write did not wait any longer for a sync. */
  delayedSyncs = 0;
  /** Why nothing can be written; null when it can. */
  failure: AofFailure | null = null;
  /** Whether the present file may have a hole, as a sync of it has failed. */
  isSuspect = false;
  /** Whether syncs are left to the system for now (`no-appendfsync-on-rewrite`). */
  syncsPaused = false;
  /** DEBUG AOF-FLUSH-SLEEP: holds a write up, ms. */
  sleepMs = 0;
  readonly #effects: Effects;
  readonly #settings: AofSyncSettings;
  readonly #listener: AofLogListener;
  readonly #monotonicMs: () => number;
  readonly #sleep: (ms: number) => void;
  #file: OpenFile | null = null;
  /** Syncs of the present file that are under way in another thread. */
  #syncing = 0;
  #syncStartedMs = 0;
  /** Since when writing is postponed; 0 when it is not. */
  #postponedSinceMs = 0;

  constructor(
    effects: Effects,
    settings: AofSyncSettings,
    clock: { monotonicMs(): number; sleep(ms: number): void },
    listener: AofLogListener,
  ) {
    this.#effects = effects;
    this.#settings = settings;
    this.#listener = listener;
    this.#monotonicMs = () => clock.monotonicMs();
    this.#sleep = (ms) => clock.sleep(ms);
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** Syncs in other threads. */
  get pendingSyncs(): number {
    return this.#syncing;
  }

  /** What has been told, and not written yet, in bytes. */
  get bufferedBytes(): number {
    return this.#effects.end;
  }

  /** Where in the log, counted as `syncedBytes` is, what has been told last will end. */
  get toldBytes(): number {
    return this.writtenBytes + this.#effects.end;
  }

  /**
   * Goes on in another file, of which `size` bytes are there, and from which the log takes care of it.
   * What has been told before must have been written; it reaches the disk in another thread.
   */
  open(file: OpenFile, size: number): void {
    this.#leave();
    this.#file = file;
    this.size = size;
    this.#postponedSinceMs = 0;
    this.#effects.forgetDatabase();
  }

  /** Writes what has been told, waits until the disk has it, and closes the file. Throws what fails. */
  close(): void {
    const file = this.#file;
    if (file === null) return;
    this.#write(file);
    file.syncDataSync();
    this.#allSynced();
    this.#file = null;
    file.close();
  }

  /** Closes the file as it is; what has been told and is not written is forgotten. */
  abandon(): void {
    this.#file?.close();
    this.#file = null;
    this.#effects.clear();
    this.failure = null;
    this.isSuspect = false;
  }

  /** Cuts off what may not be on the disk, as nobody has been told of it yet; what fails is passed over. */
  takeBackUnsynced(): void {
    const unsynced = Math.min(this.size, this.writtenBytes - this.syncedBytes);
    try {
      this.#file?.truncateSync(this.size - unsynced);
    } catch {
      // It stays: the next start loads it, if the disk has it.
    }
  }

  /**
   * The end of a turn: writes what has been told, unless it may wait, and has it brought to the disk.
   * Failures are told to the listener.
   *
   * @param force Whether it must not wait.
   * @returns False when not all is written.
   */
  flush(nowMs: number, force = false): boolean {
    const file = this.#file;
    if (file === null) return false;
    if (this.isSuspect) return false;
    const effects = this.#effects;
    if (effects.end > 0) {
      if (!force && this.#postpones(nowMs)) return false;
      this.#postponedSinceMs = 0;
      if (!this.#tryToWrite(file)) return false;
    }
    if (this.writtenBytes === this.syncedBytes) return true;
    const policy = this.#settings.appendfsync;
    if (policy === "no" || (this.syncsPaused && !force)) return true;
    if (policy === "always") return this.#syncNow(file);
    const isTime = nowMs - this.#syncStartedMs >= SYNC_EVERY_MS || nowMs < this.#syncStartedMs;
    if (isTime && this.#syncing === 0) {
      this.#syncStartedMs = nowMs;
      this.#syncSoon(file);
    }
    return true;
  }

  /** What happened to something that the log relies on makes the present file suspect. */
  suspect(error: unknown): void {
    this.#fail("sync", error);
  }

  /** Brings all that is written to the disk. Throws the platform's error. */
  sync(): void {
    if (this.#file === null) return;
    try {
      this.#file.syncDataSync();
    } catch (error) {
      this.#fail("sync", error);
      throw error;
    }
    this.#allSynced();
  }

  // ---------------------------------------------------------------- writing

  /** Whether writing waits for a sync that is under way. */
  #postpones(nowMs: number): boolean {
    if (this.#settings.appendfsync !== "everysec" || this.#syncing === 0) return false;
    if (this.#effects.end > POSTPONED_MAX_BYTES) return false;
    if (this.#postponedSinceMs === 0 || nowMs < this.#postponedSinceMs) {
      this.#postponedSinceMs = nowMs;
      return true;
    }
    if (nowMs - this.#postponedSinceMs < POSTPONE_MS) return true;
    this.delayedSyncs++;
    this.#listener.delayed();
    return false;
  }

  #tryToWrite(file: OpenFile): boolean {
    const event = this.#syncing > 0 ? "aof-write-pending-fsync" : "aof-write";
    const startMs = this.#monotonicMs();
    try {
      if (this.sleepMs > 0) this.#sleep(this.sleepMs);
      this.#write(file);
    } catch (error) {
      this.#fail("write", error);
      return false;
    } finally {
      this.#listener.took(event, this.#monotonicMs() - startMs);
    }
    if (this.failure?.what === "write") this.#recover();
    return true;
  }

  /** Writes all; where that fails, the file is as before, or what has been written counts. */
  #write(file: OpenFile): void {
    const effects = this.#effects;
    const { buf, end } = effects;
    let at = 0;
    try {
      while (at < end) {
        const n = file.writeSync(buf.subarray(at, end));
        if (n === 0) throw new Error("short write");
        at += n;
      }
    } catch (error) {
      if (at > 0) this.#takeBack(file, at);
      throw error;
    }
    this.#wrote(end);
    effects.clear();
  }

  /** Cuts off what has been written in part; where that fails, too, the rest will follow it. */
  #takeBack(file: OpenFile, written: number): void {
    try {
      file.truncateSync(this.size);
      file.seekSync(this.size);
    } catch {
      this.#wrote(written);
      this.#effects.dropFirst(written);
    }
  }

  #wrote(bytes: number): void {
    this.size += bytes;
    this.writtenBytes += bytes;
  }

  // ---------------------------------------------------------------- syncing

  #syncNow(file: OpenFile): boolean {
    const startMs = this.#monotonicMs();
    try {
      file.syncDataSync();
    } catch (error) {
      this.#fail("sync", error);
      return false;
    }
    this.#listener.took("aof-fsync-always", this.#monotonicMs() - startMs);
    this.#allSynced();
    return true;
  }

  #syncSoon(file: OpenFile): void {
    const upTo = this.writtenBytes;
    this.#syncing++;
    file.syncData().then(
      () => this.#reachedDisk(upTo),
      (error) => {
        if (file === this.#file) this.#fail("sync", error);
      },
    ).finally(() => this.#syncing--);
  }

  #allSynced(): void {
    this.#reachedDisk(this.writtenBytes);
  }

  #reachedDisk(upTo: number): void {
    this.syncedBytes = Math.max(this.syncedBytes, upTo);
    this.#listener.synced();
  }

  /** Lets go of the present file: another thread brings it to the disk and closes it. */
  #leave(): void {
    const file = this.#file;
    if (file === null) return;
    const upTo = this.writtenBytes;
    const close = () => file.close();
    if (this.syncedBytes === upTo) return close();
    this.#syncing++;
    file.syncData().then(() => this.#reachedDisk(upTo), (error) => this.#fail("sync", error))
      .finally(() => {
        this.#syncing--;
        close();
      });
  }

  // ---------------------------------------------------------------- failures

  #fail(what: AofFailure["what"], error: unknown): void {
    const isNew = this.failure === null;
    this.failure = { what, text: errorText(error) };
    if (what === "sync") this.isSuspect = true;
    if (isNew) this.#listener.failed(this.failure);
  }

  #recover(): void {
    this.failure = null;
    this.#listener.recovered();
  }
}
