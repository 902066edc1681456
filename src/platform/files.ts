/**
 * Files and directories.
 *
 * Paths are taken as they are. Calls that end in `Sync` return when the thing is done and are for
 * starting up, for shutting down and for the log; the others leave the waiting to another thread.
 * What fails throws: see errors.ts for how to tell the errors apart. A read or a write may do less
 * than it was asked to.
 */

export interface FileStatus {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** In bytes. */
  readonly size: number;
  /** Time of the last change of the content in ms since 1970; 0 when unknown. */
  readonly modifiedMs: number;
}

/** How a file is opened: to be read, unless it says otherwise. */
export interface OpenMode {
  readonly read?: boolean;
  readonly write?: boolean;
  /** Every write goes to what is the end of the file by then. */
  readonly append?: boolean;
  /** Makes the file when it is missing. */
  readonly create?: boolean;
  /** Makes the file, and fails with EEXIST when there is one. */
  readonly createNew?: boolean;
  /** Empties the file. */
  readonly truncate?: boolean;
  /** Permission bits of a new file, before the umask. */
  readonly permissions?: number;
}

/** An open file. Calls that wait may overlap with each other and with those that do not. */
export interface OpenFile {
  /** Reads at the position and advances it. @returns How many bytes came; 0 at the end of the file. */
  readSync(target: Uint8Array): number;
  read(target: Uint8Array): Promise<number>;
  /** Writes at the position and advances it. @returns How many bytes were written. */
  writeSync(source: Uint8Array): number;
  write(source: Uint8Array): Promise<number>;
  /** Moves the position to `offset` bytes from the start. */
  seekSync(offset: number): void;
  /** Cuts the file off at `size` bytes, or fills it up with zeros. */
  truncateSync(size: number): void;
  /** Waits until the content is on the disk. */
  syncDataSync(): void;
  syncData(): Promise<void>;
  /** Waits until the content and what the directory says of it are on the disk. */
  syncSync(): void;
  sync(): Promise<void>;
  statusSync(): FileStatus;
  close(): void;
}

export interface Files {
  openSync(path: string, mode: OpenMode): OpenFile;
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** The whole content. */
  readSync(path: string): Uint8Array;
  /** @returns null when nothing has that name. */
  statusSync(path: string): FileStatus | null;
  /** The names of what is in a directory, in no particular order. */
  listSync(path: string): string[];
  /** Makes a directory whose parent exists; one that is there already is fine. */
  makeDirectorySync(path: string): void;
  /** Gives a file another name and replaces what had it: at once or not at all. */
  renameSync(from: string, to: string): void;
  rename(from: string, to: string): Promise<void>;
  /** @returns False when nothing had that name. */
  removeSync(path: string): boolean;
  /** Removes in another thread, for a giant takes its time. @returns As `removeSync`. */
  remove(path: string): Promise<boolean>;
  /** Sets the permission bits; nothing happens where the system knows none. */
  setPermissionsSync(path: string, permissions: number): void;
  /** Waits until the names in a directory are on the disk, where the system lets one wait. */
  syncDirectorySync(path: string): void;
  syncDirectory(path: string): Promise<void>;
  /** The absolute path, without links. */
  realPathSync(path: string): string;
}

export class SystemFiles implements Files {
  openSync(path: string, mode: OpenMode): OpenFile {
    return new SystemFile(Deno.openSync(path, openOptions(mode)));
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    return new SystemFile(await Deno.open(path, openOptions(mode)));
  }

  readSync(path: string): Uint8Array {
    return Deno.readFileSync(path);
  }

  statusSync(path: string): FileStatus | null {
    try {
      return statusOf(Deno.statSync(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
  }

  listSync(path: string): string[] {
    return Array.from(Deno.readDirSync(path), (entry) => entry.name);
  }

  makeDirectorySync(path: string): void {
    try {
      Deno.mkdirSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      if (!Deno.statSync(path).isDirectory) throw error;
    }
  }

  renameSync(from: string, to: string): void {
    Deno.renameSync(from, to);
  }

  rename(from: string, to: string): Promise<void> {
    return Deno.rename(from, to);
  }

  removeSync(path: string): boolean {
    try {
      Deno.removeSync(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  async remove(path: string): Promise<boolean> {
    try {
      await Deno.remove(path);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  setPermissionsSync(path: string, permissions: number): void {
    if (Deno.build.os !== "windows") Deno.chmodSync(path, permissions);
  }

  syncDirectorySync(path: string): void {
    if (Deno.build.os === "windows") return; // there a directory cannot be opened like a file
    using directory = Deno.openSync(path);
    directory.syncSync();
  }

  async syncDirectory(path: string): Promise<void> {
    if (Deno.build.os === "windows") return;
    using directory = await Deno.open(path);
    await directory.sync();
  }

  realPathSync(path: string): string {
    return Deno.realPathSync(path);
  }
}

class SystemFile implements OpenFile {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  readSync(target: Uint8Array): number {
    return this.#file.readSync(target) ?? 0;
  }

  async read(target: Uint8Array): Promise<number> {
    return await this.#file.read(target) ?? 0;
  }

  writeSync(source: Uint8Array): number {
    return this.#file.writeSync(source);
  }

  write(source: Uint8Array): Promise<number> {
    return this.#file.write(source);
  }

  seekSync(offset: number): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
  }

  truncateSync(size: number): void {
    this.#file.truncateSync(size);
  }

  syncDataSync(): void {
    this.#file.syncDataSync();
  }

  syncData(): Promise<void> {
    return this.#file.syncData();
  }

  syncSync(): void {
    this.#file.syncSync();
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  statusSync(): FileStatus {
    return statusOf(this.#file.statSync());
  }

  close(): void {
    this.#file.close();
  }
}

function openOptions(mode: OpenMode): Deno.OpenOptions {
  const { permissions, ...options } = mode;
  const writes = mode.write || mode.append;
  return { ...options, read: mode.read ?? !writes, mode: permissions };
}

function statusOf(info: Deno.FileInfo): FileStatus {
  return {
    isFile: info.isFile,
    isDirectory: info.isDirectory,
    size: info.size,
    modifiedMs: info.mtime?.getTime() ?? 0,
  };
}

/** Writes all of `source`, however many writes it takes. */
export function writeAllSync(file: OpenFile, source: Uint8Array): void {
  let at = 0;
  while (at < source.length) at += file.writeSync(at === 0 ? source : source.subarray(at));
}
