/**
 * The directory of the append-only files: `appenddirname` within `dir`, with the files that the
 * manifest names, and the manifest itself.
 *
 * The manifest is replaced at once or not at all, and is on the disk before anything is done that
 * relies on it: a file is named in it before something is written to the file that may not be lost,
 * and is removed from the disk only when it is not named there any more.
 */
import { latin1 } from "../../memory/bytes.ts";
import { errorCode, type Files, type OpenFile, writeAllSync } from "../../platform/mod.ts";
import { joined } from "../rdb/save.ts";
import {
  type AofFile,
  EMPTY_MANIFEST,
  formatManifest,
  type Manifest,
  parseManifest,
} from "./manifest.ts";

/** The settings that say where the append-only files are. */
export interface AofPlace {
  readonly dir: string;
  readonly appenddirname: string;
  readonly appendfilename: string;
}

/** Of a file that people shall read and its owner may write. */
const PERMISSIONS = 0o644;

/** Where an increment is written before there is a base that it belongs to; not in the manifest. */
const TEMPORARY_INCREMENT = "temp-";

export class AofDirectory {
  readonly #files: Files;
  readonly #place: AofPlace;
  #manifest = EMPTY_MANIFEST;

  constructor(files: Files, place: AofPlace) {
    this.#files = files;
    this.#place = place;
  }

  /** What the manifest on the disk says, as far as is known. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** The path of the directory. */
  get path(): string {
    return joined(this.#place.dir, this.#place.appenddirname);
  }

  /** What the names of all files begin with. */
  get prefix(): string {
    return this.#place.appendfilename;
  }

  /** The path of a file in the directory. */
  pathOf(name: string): string {
    return joined(this.path, name);
  }

  get #manifestPath(): string {
    return this.pathOf(`${this.prefix}.manifest`);
  }

  /** The name of the increment that is written while the first base is. */
  get temporaryIncrement(): string {
    return `${TEMPORARY_INCREMENT}${this.prefix}.incr`;
  }

  // ---------------------------------------------------------------- the manifest

  /** Reads the manifest, if there is one. Throws AofError, or the platform's error. */
  read(): void {
    this.#manifest = EMPTY_MANIFEST;
    let bytes: Uint8Array;
    try {
      bytes = this.#files.readSync(this.#manifestPath);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return;
      throw error;
    }
    this.#manifest = parseManifest(bytes, this.#manifestPath);
  }

  /** Replaces the manifest. Throws the platform's error; then the old one holds. */
  write(manifest: Manifest): void {
    const files = this.#files;
    const temporary = this.pathOf(`temp-${this.prefix}.manifest`);
    const file = files.openSync(temporary, {
      write: true,
      create: true,
      truncate: true,
      permissions: PERMISSIONS,
    });
    try {
      writeAllSync(file, latin1(formatManifest(manifest)));
      file.syncSync();
    } finally {
      file.close();
    }
    files.renameSync(temporary, this.#manifestPath);
    this.#manifest = manifest;
    files.syncDirectorySync(this.path);
  }

  /** Makes the directory, if it is not there. */
  make(): void {
    const { dir } = this.#place;
    if (this.#files.statusSync(this.path)?.isDirectory) return;
    this.#files.makeDirectorySync(this.path);
    this.#files.syncDirectorySync(dir === "" ? "." : dir);
  }

  // ---------------------------------------------------------------- files

  /** The size of a file in bytes; null when it is not there. */
  sizeOf(name: string): number | null {
    return this.#files.statusSync(this.pathOf(name))?.size ?? null;
  }

  /** Makes a file, or empties it. */
  createIncrement(name: string): OpenFile {
    return this.#files.openSync(this.pathOf(name), {
      write: true,
      create: true,
      truncate: true,
      permissions: PERMISSIONS,
    });
  }

  /** Opens a file to go on at its end. */
  openIncrement(name: string): OpenFile {
    const file = this.#files.openSync(this.pathOf(name), { write: true, read: true });
    file.seekSync(file.statusSync().size);
    return file;
  }

  /** Gives a file of the server's directory, or one within this directory, its name here. */
  take(path: string, name: string): void {
    this.#files.renameSync(path, this.pathOf(name));
    this.#files.syncDirectorySync(this.path);
  }

  /** Takes a file from the disk that nobody needs; what fails is passed over. */
  discard(path: string): void {
    try {
      this.#files.removeSync(path);
    } catch {
      // It stays, and does no harm.
    }
  }

  /**
   * Forgets the files of no more use, and removes them, in the background.
   *
   * @param tell Is called with the name of each.
   */
  removeHistory(tell: (name: string) => void): void {
    const { history } = this.#manifest;
    if (history.length === 0) return;
    for (const { name } of history) tell(name);
    // First the names: a file that is missing but named would keep the next start from happening.
    this.write({ ...this.#manifest, history: [] });
    for (const { name } of history) {
      this.#files.remove(this.pathOf(name)).catch(() => {}); // it stays, and does no harm
    }
  }

  // ---------------------------------------------------------------- the file of old versions

  /**
   * Before Redis 7 there was one file, `appendfilename` in `dir`. When it is there, and nothing newer
   * is, it becomes the base; one that had got as far as being named in the manifest goes on from there.
   *
   * @returns Whether there was one.
   */
  adoptOldFile(): boolean {
    const old = joined(this.#place.dir, this.prefix);
    if (!this.#files.statusSync(old)?.isFile) return false;
    const { base, increments } = this.#manifest;
    const isNamed = base?.name === this.prefix && this.sizeOf(this.prefix) === null;
    if (increments.length > 0 || (base !== null && !isNamed)) return false;
    this.make();
    if (base === null) {
      const file: AofFile = { name: this.prefix, seq: 1 };
      this.write({ ...EMPTY_MANIFEST, base: file, baseSeq: 1 });
    }
    this.take(old, this.prefix);
    this.#files.syncDirectorySync(this.#place.dir === "" ? "." : this.#place.dir);
    return true;
  }
}
