/**
 * A file that is written in the background, in the order in which bytes come.
 *
 * Bytes are gathered into chunks, and the chunks are written one after the other by another thread.
 * Memory is bounded: whoever can wait asks {@link FileStream.isFull} before writing more; what must be
 * written nevertheless goes on into the queue up to a second bound, and beyond that it is written at
 * once, through a descriptor of its own and at its place in the file, while the caller waits.
 */
import { type Files, type OpenFile, writeAllSync } from "../../platform/mod.ts";
import type { ByteSink } from "../rdb/output.ts";

const CHUNK_BYTES = 1 << 20;
/** The stream is full when more bytes than this wait to be written. */
const FULL_BYTES = 4 << 20;
/** No more bytes than this ever wait. */
const LIMIT_BYTES = 32 << 20;
/** With incremental syncs, what has been written goes to the disk in portions of this size. */
const SYNC_EVERY_BYTES = 4 << 20;
/** Of a file that people shall read and its owner may write. */
const PERMISSIONS = 0o644;

interface Chunk {
  readonly bytes: Uint8Array;
  length: number;
  /** Where it belongs in the file. */
  readonly offset: number;
}

/** What the stream tells, each at most once, and never before the call that led to it has returned. */
export interface FileStreamListener {
  /** After {@link FileStream.isFull} was true: there is room again. */
  drained(): void;
  /** The whole content is on the disk, and the file is closed. */
  finished(): void;
  /** Nothing more is written; the file is closed. */
  failed(error: unknown): void;
}

export class FileStream implements ByteSink {
  readonly #files: Files;
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #syncsOften: boolean;
  readonly #listener: FileStreamListener;
  /** Bytes that have not been handed to the system yet. */
  pendingBytes = 0;
  /** Bytes that were written while the caller waited. */
  waitedBytes = 0;
  #chunk: Chunk;
  readonly #queue: Chunk[] = [];
  readonly #spares: Uint8Array[] = [];
  /** Where {@link FileStream.#file} would go on to write. */
  #position = 0;
  /** The other descriptor; null until it is needed. */
  #besides: OpenFile | null = null;
  #isPumping = false;
  #isWaitedFor = false;
  #isEnding = false;
  #isOver = false;

  /** Makes the file, or empties it. Throws the platform's error. */
  constructor(files: Files, path: string, syncsOften: boolean, listener: FileStreamListener) {
    this.#files = files;
    this.#path = path;
    this.#syncsOften = syncsOften;
    this.#listener = listener;
    this.#file = files.openSync(path, {
      write: true,
      create: true,
      truncate: true,
      permissions: PERMISSIONS,
    });
    this.#chunk = this.#newChunk(0);
  }

  /** Whether those who can wait should. Then {@link FileStreamListener.drained} is called later. */
  get isFull(): boolean {
    const isFull = this.pendingBytes > FULL_BYTES;
    if (isFull) this.#isWaitedFor = true;
    return isFull;
  }

  /** Takes bytes; after a failure they are dropped. Throws the platform's error where it had to wait. */
  write(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.pendingBytes += bytes.length;
    let from = 0;
    while (from < bytes.length) {
      const chunk = this.#chunk;
      const count = Math.min(bytes.length - from, chunk.bytes.length - chunk.length);
      chunk.bytes.set(bytes.subarray(from, from + count), chunk.length);
      chunk.length += count;
      from += count;
      if (chunk.length === chunk.bytes.length) this.#close(chunk);
    }
  }

  /** There is no more: brings everything to the disk. */
  end(): void {
    this.#isEnding = true;
    if (this.#chunk.length > 0) this.#queue.push(this.#chunk);
    void this.#pump();
  }

  /** Stops writing and closes the file, as soon as the system is through with it; tells nobody. */
  abort(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#queue.length = 0;
    if (!this.#isPumping) this.#closeFiles();
  }

  #close(chunk: Chunk): void {
    this.#chunk = this.#newChunk(chunk.offset + chunk.length);
    if (this.pendingBytes > LIMIT_BYTES) {
      this.#writeNow(chunk);
    } else {
      this.#queue.push(chunk);
      void this.#pump();
    }
  }

  #newChunk(offset: number): Chunk {
    const bytes = this.#spares.pop() ?? new Uint8Array(CHUNK_BYTES);
    return { bytes, length: 0, offset };
  }

  #writeNow(chunk: Chunk): void {
    this.#besides ??= this.#files.openSync(this.#path, { write: true });
    this.#besides.seekSync(chunk.offset);
    writeAllSync(this.#besides, chunk.bytes.subarray(0, chunk.length));
    this.waitedBytes += chunk.length;
    this.#written(chunk);
  }

  #written({ bytes, length }: Chunk): void {
    this.pendingBytes -= length;
    if (this.#spares.length < FULL_BYTES / CHUNK_BYTES) this.#spares.push(bytes);
  }

  /** Writes chunks until there are none, or the stream is over. */
  async #pump(): Promise<void> {
    if (this.#isPumping || this.#isOver) return;
    this.#isPumping = true;
    try {
      await Promise.resolve(); // so that nothing is told before the caller has returned
      let unsynced = 0;
      while (this.#queue.length > 0) {
        const chunk = this.#queue.shift()!;
        await this.#writeLater(chunk);
        unsynced += chunk.length;
        if (this.#syncsOften && unsynced >= SYNC_EVERY_BYTES) {
          await this.#file.syncData();
          unsynced = 0;
        }
        this.#tellRoom();
      }
      if (this.#isEnding && !this.#isOver) await this.#finish();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isPumping = false;
      if (this.#isOver) this.#closeFiles();
    }
  }

  async #writeLater(chunk: Chunk): Promise<void> {
    const file = this.#file;
    const { bytes, length, offset } = chunk;
    if (this.#position !== offset) file.seekSync(offset);
    for (let at = 0; at < length;) at += await file.write(bytes.subarray(at, length));
    this.#position = offset + length;
    this.#written(chunk);
  }

  #tellRoom(): void {
    if (!this.#isWaitedFor || this.#isOver || this.pendingBytes > FULL_BYTES / 2) return;
    this.#isWaitedFor = false;
    this.#listener.drained();
  }

  async #finish(): Promise<void> {
    await this.#file.sync();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.finished();
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#queue.length = 0;
    this.#listener.failed(error);
  }

  #closeFiles(): void {
    this.#besides?.close();
    this.#besides = null;
    this.#file.close();
  }
}
