/**
 * A disk that a test holds in its hand: files and directories in memory, of which a crash leaves what
 * a real disk might, every call numbered, so that a test can look at what a crash at each of them would
 * leave, or let each of them fail.
 *
 * ```ts
 * const disk = new SimulatedDisk({ clock, seed: 1 });
 * disk.beforeCall = () => images.push(disk.afterCrash());
 * ```
 *
 * Calls that only read are not numbered: a crash there leaves what it leaves at the next call. A call
 * that waits in another thread takes as long as the test says, and has two numbers, at its beginning
 * and at its end; so a crash is tried before each moment at which the disk changes.
 *
 * The names of a directory are brought to the disk by waiting for that directory, not by waiting for
 * the file: POSIX promises no more.
 */
import type { Clock, Files, FileStatus, OpenFile, OpenMode } from "../../../src/platform/mod.ts";
import { Random } from "../random.ts";
import { SystemError } from "../system_error.ts";
import { DiskFile } from "./disk_file.ts";
import { changeNames, type Stored, StoredDirectory } from "./stored_directory.ts";
import { StoredFile, type Tear, TEARS } from "./stored_file.ts";

/** What calls do. */
export type CallKind = "create" | "write" | "truncate" | "sync" | "rename" | "remove" | "directory";

/** A call that changes the disk, or waits for it. */
export interface DiskCall {
  /** Counts from 1. */
  readonly number: number;
  readonly kind: CallKind;
  readonly path: string;
}

/** What goes wrong with a call. */
export interface Fault {
  readonly error?: SystemError;
  /** Of a write: that only so many bytes are written; with an error the next write fails. */
  readonly shortBytes?: number;
}

export interface DiskOptions {
  readonly clock: Clock;
  readonly seed: number;
}

/** The bits of a file for which none are given. */
const PERMISSIONS = 0o644;

export class SimulatedDisk implements Files {
  readonly clock: Clock;
  readonly random: Random;
  readonly #root: StoredDirectory;
  /** How many calls there were. */
  calls = 0;
  /** How many files could not be brought to the disk. */
  failedSyncs = 0;
  /** Is shown each call before it does anything. */
  beforeCall: (call: DiskCall) => void = () => {};
  /** Says what goes wrong with a call; null: nothing. */
  faultOf: (call: DiskCall) => Fault | null = () => null;
  /** How long a call takes that waits in another thread, in ms. */
  latencyMs: (call: DiskCall) => number = () => 0;
  /** How many bytes there may be in files. */
  capacityBytes = Infinity;

  constructor({ clock, seed }: DiskOptions, root = StoredDirectory.durable([])) {
    this.clock = clock;
    this.random = new Random(seed);
    this.#root = root;
  }

  // ---------------------------------------------------------------- what remains

  /**
   * The disk as it may be found when the power comes back.
   *
   * @param tear What becomes of what nobody has waited for; without it a choice for each file.
   */
  afterCrash(options: DiskOptions, tear?: Tear): SimulatedDisk {
    const random = new Random(options.seed);
    const tearOf = () => tear ?? random.pick(TEARS);
    return new SimulatedDisk(options, this.#root.afterCrash(tearOf, random));
  }

  /** The disk as it is found when only the process has ended, and all has been written since. */
  afterExit(options: DiskOptions): SimulatedDisk {
    return new SimulatedDisk(options, this.#root.copy());
  }

  /** The paths and contents of all files, as the system shows them. */
  *contents(): Generator<[path: string, bytes: Uint8Array]> {
    yield* contentsBelow(this.#root, "");
  }

  /** Bytes in files. */
  get usedBytes(): number {
    let bytes = 0;
    for (const [, content] of this.contents()) bytes += content.length;
    return bytes;
  }

  // ---------------------------------------------------------------- calls

  /** Notes a call. @returns What goes wrong with it, short writes only; errors are thrown. */
  call(kind: CallKind, path: string): Fault | null {
    const call = this.#number(kind, path);
    this.beforeCall(call);
    const fault = this.faultOf(call);
    if (fault?.error !== undefined && fault.shortBytes === undefined) throw fault.error;
    return fault;
  }

  #number(kind: CallKind, path: string): DiskCall {
    return { number: ++this.calls, kind, path };
  }

  /** Does in another thread what a waiting call does: `end` is called when its time is over. */
  async later<T>(kind: CallKind, path: string, end: () => T): Promise<T> {
    const call = this.#number(kind, path);
    this.beforeCall(call);
    const ms = this.latencyMs(call);
    if (ms > 0) await new Promise<void>((resolve) => this.clock.after(ms, resolve));
    else await Promise.resolve();
    return end();
  }

  // ---------------------------------------------------------------- files

  openSync(path: string, mode: OpenMode): OpenFile {
    const { directory, name } = this.#parent(path);
    let stored = directory.names.get(name);
    if (stored instanceof StoredDirectory) throw new SystemError("EISDIR", "Is a directory");
    if (stored !== undefined && mode.createNew) throw new SystemError("EEXIST", "File exists");
    if (stored === undefined) {
      if (!mode.create && !mode.createNew) throw notFound();
      this.call("create", path);
      stored = new StoredFile(mode.permissions ?? PERMISSIONS, this.clock.nowMs());
      changeNames({ directory, name, stored });
    } else if (mode.truncate && stored.bytes.length > 0) {
      this.call("truncate", path);
      stored.truncate(0, this.clock.nowMs());
    }
    return new DiskFile(this, path, stored, mode.append ?? false);
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    await Promise.resolve();
    return this.openSync(path, mode);
  }

  readSync(path: string): Uint8Array {
    return this.#file(path).bytes.slice();
  }

  statusSync(path: string): FileStatus | null {
    const stored = this.#find(path);
    return stored === undefined ? null : statusOf(stored);
  }

  listSync(path: string): string[] {
    return [...this.#directory(path).names.keys()];
  }

  makeDirectorySync(path: string): void {
    const { directory, name } = this.#parent(path);
    const stored = directory.names.get(name);
    if (stored instanceof StoredFile) throw new SystemError("EEXIST", "File exists");
    if (stored !== undefined) return;
    this.call("create", path);
    changeNames({ directory, name, stored: new StoredDirectory() });
  }

  renameSync(from: string, to: string): void {
    this.#file(from);
    this.call("rename", from);
    this.#rename(from, to);
  }

  rename(from: string, to: string): Promise<void> {
    return this.later("rename", from, () => this.renameSync(from, to));
  }

  #rename(from: string, to: string): void {
    const source = this.#parent(from);
    const target = this.#parent(to);
    const stored = source.directory.names.get(source.name)!;
    changeNames(
      { directory: source.directory, name: source.name, stored: null },
      { directory: target.directory, name: target.name, stored },
    );
  }

  removeSync(path: string): boolean {
    const { directory, name } = this.#parent(path);
    const stored = directory.names.get(name);
    if (stored === undefined) return false;
    if (stored instanceof StoredDirectory && stored.names.size > 0) {
      throw new SystemError("ENOTEMPTY", "Directory not empty");
    }
    this.call("remove", path);
    changeNames({ directory, name, stored: null });
    return true;
  }

  remove(path: string): Promise<boolean> {
    return this.later("remove", path, () => this.removeSync(path));
  }

  setPermissionsSync(path: string, permissions: number): void {
    this.#file(path).permissions = permissions;
  }

  syncDirectorySync(path: string): void {
    const directory = this.#directory(path);
    this.call("directory", path);
    directory.flush();
  }

  syncDirectory(path: string): Promise<void> {
    return this.later("directory", path, () => this.syncDirectorySync(path));
  }

  realPathSync(path: string): string {
    if (this.#find(path) === undefined) throw notFound();
    return `/${partsOf(path).join("/")}`;
  }

  // ---------------------------------------------------------------- paths

  #find(path: string): Stored | undefined {
    let stored: Stored | undefined = this.#root;
    for (const part of partsOf(path)) {
      if (!(stored instanceof StoredDirectory)) return undefined;
      stored = stored.names.get(part);
    }
    return stored;
  }

  #file(path: string): StoredFile {
    const stored = this.#find(path);
    if (stored === undefined) throw notFound();
    if (stored instanceof StoredDirectory) throw new SystemError("EISDIR", "Is a directory");
    return stored;
  }

  #directory(path: string): StoredDirectory {
    const stored = this.#find(path);
    if (stored === undefined) throw notFound();
    if (stored instanceof StoredFile) throw new SystemError("ENOTDIR", "Not a directory");
    return stored;
  }

  #parent(path: string): { directory: StoredDirectory; name: string } {
    const parts = partsOf(path);
    const name = parts.pop() ?? "";
    return { directory: this.#directory(parts.join("/")), name };
  }
}

/** What the system says of a file or directory. */
export function statusOf(stored: Stored): FileStatus {
  if (stored instanceof StoredDirectory) {
    return { isFile: false, isDirectory: true, size: 0, modifiedMs: 0 };
  }
  const { bytes, modifiedMs } = stored;
  return { isFile: true, isDirectory: false, size: bytes.length, modifiedMs };
}

function* contentsBelow(
  directory: StoredDirectory,
  path: string,
): Generator<[path: string, bytes: Uint8Array]> {
  for (const [name, stored] of directory.names) {
    const below = `${path}/${name}`;
    if (stored instanceof StoredFile) yield [below, stored.bytes];
    else yield* contentsBelow(stored, below);
  }
}

/** The names on the way to a path; the working directory is the root. */
function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function notFound(): SystemError {
  return new SystemError("ENOENT", "No such file or directory");
}
