/** An open file of a simulated disk. */
import type { FileStatus, OpenFile } from "../../../src/platform/mod.ts";
import { SystemError } from "../system_error.ts";
import { type Fault, type SimulatedDisk, statusOf } from "./simulated_disk.ts";
import type { StoredFile } from "./stored_file.ts";

export class DiskFile implements OpenFile {
  readonly #disk: SimulatedDisk;
  readonly #path: string;
  readonly #stored: StoredFile;
  readonly #appends: boolean;
  #position = 0;
  #isClosed = false;

  constructor(disk: SimulatedDisk, path: string, stored: StoredFile, appends: boolean) {
    this.#disk = disk;
    this.#path = path;
    this.#stored = stored;
    this.#appends = appends;
  }

  // ---------------------------------------------------------------- reading and writing

  readSync(target: Uint8Array): number {
    this.#checkOpen();
    const portion = this.#stored.bytes.subarray(this.#position, this.#position + target.length);
    target.set(portion);
    this.#position += portion.length;
    return portion.length;
  }

  async read(target: Uint8Array): Promise<number> {
    await Promise.resolve();
    return this.readSync(target);
  }

  writeSync(source: Uint8Array): number {
    this.#checkOpen();
    return this.#write(source, this.#disk.call("write", this.#path));
  }

  write(source: Uint8Array): Promise<number> {
    this.#checkOpen();
    return this.#disk.later("write", this.#path, () => this.writeSync(source));
  }

  #write(source: Uint8Array, fault: Fault | null): number {
    const stored = this.#stored;
    if (this.#appends) this.#position = stored.bytes.length;
    const length = Math.min(
      source.length,
      fault?.shortBytes ?? Infinity,
      this.#room(source.length),
    );
    if (length === 0 && source.length > 0) {
      throw fault?.error ?? new SystemError("ENOSPC", "No space left on device");
    }
    stored.write(this.#position, source.subarray(0, length), this.#disk.clock.nowMs());
    this.#position += length;
    return length;
  }

  /** How many of `length` bytes the disk takes. */
  #room(length: number): number {
    if (this.#disk.capacityBytes === Infinity) return length;
    const growth = this.#position + length - this.#stored.bytes.length;
    const free = this.#disk.capacityBytes - this.#disk.usedBytes;
    return growth <= free ? length : Math.max(0, length - growth + Math.max(0, free));
  }

  seekSync(offset: number): void {
    this.#position = offset;
  }

  truncateSync(size: number): void {
    this.#checkOpen();
    this.#disk.call("truncate", this.#path);
    this.#stored.truncate(size, this.#disk.clock.nowMs());
  }

  // ---------------------------------------------------------------- waiting

  syncSync(): void {
    this.#checkOpen();
    this.#finish(this.#stored.beginFlush());
  }

  sync(): Promise<void> {
    this.#checkOpen();
    const flush = this.#stored.beginFlush();
    return this.#disk.later("sync", this.#path, () => this.#finish(flush));
  }

  syncDataSync(): void {
    this.syncSync();
  }

  syncData(): Promise<void> {
    return this.sync();
  }

  #finish(flush: ReturnType<StoredFile["beginFlush"]>): void {
    try {
      this.#disk.call("sync", this.#path);
    } catch (error) {
      this.#disk.failedSyncs++;
      this.#stored.failFlush(flush, this.#disk.random);
      throw error;
    }
    this.#stored.finishFlush(flush);
  }

  // ---------------------------------------------------------------- the rest

  statusSync(): FileStatus {
    this.#checkOpen();
    return statusOf(this.#stored);
  }

  close(): void {
    this.#checkOpen();
    this.#isClosed = true;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new SystemError("EBADF", "Bad file descriptor");
  }
}
