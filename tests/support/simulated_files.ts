/** Files in memory: names, contents and permission bits, without owners or links. */
import type { Files, FileStatus, OpenFile, OpenMode } from "../../src/platform/mod.ts";
import { SystemError } from "./system_error.ts";

interface Content {
  bytes: Uint8Array;
  permissions: number;
  modifiedMs: number;
}

/** The bits of a file for which none are given. */
const PERMISSIONS = 0o644;

export class SimulatedFiles implements Files {
  readonly #files = new Map<string, Content>();
  readonly #directories = new Set<string>(["", ".", "/"]);
  readonly #nowMs: () => number;

  /** @param nowMs The time that changes of files are stamped with. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The permission bits that a file has. */
  permissionsOf(path: string): number {
    return this.#existing(path).permissions;
  }

  openSync(path: string, mode: OpenMode): OpenFile {
    let content = this.#files.get(path);
    if (content !== undefined && mode.createNew) throw new SystemError("EEXIST", "File exists");
    if (content === undefined) {
      if (!mode.create && !mode.createNew) throw notFound();
      if (!this.#directories.has(parentOf(path))) throw notFound();
      const permissions = mode.permissions ?? PERMISSIONS;
      content = { bytes: new Uint8Array(0), permissions, modifiedMs: this.#nowMs() };
      this.#files.set(path, content);
    }
    if (mode.truncate) content.bytes = new Uint8Array(0);
    return new SimulatedFile(content, mode.append ?? false, this.#nowMs);
  }

  // deno-lint-ignore require-await -- as a failure must reject
  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    return this.openSync(path, mode);
  }

  readSync(path: string): Uint8Array {
    return this.#existing(path).bytes.slice();
  }

  statusSync(path: string): FileStatus | null {
    if (this.#directories.has(path)) {
      return { isFile: false, isDirectory: true, size: 0, modifiedMs: 0 };
    }
    const content = this.#files.get(path);
    return content === undefined ? null : statusOf(content);
  }

  listSync(path: string): string[] {
    if (!this.#directories.has(path)) throw notFound();
    return [...this.#files.keys(), ...this.#directories]
      .filter((name) => name !== path && parentOf(name) === path)
      .map((name) => name.slice(name.lastIndexOf("/") + 1));
  }

  makeDirectorySync(path: string): void {
    if (this.#files.has(path)) throw new SystemError("EEXIST", "File exists");
    if (!this.#directories.has(parentOf(path))) throw notFound();
    this.#directories.add(path);
  }

  renameSync(from: string, to: string): void {
    const content = this.#existing(from);
    this.#files.delete(from);
    this.#files.set(to, content);
  }

  // deno-lint-ignore require-await -- as a failure must reject
  async rename(from: string, to: string): Promise<void> {
    this.renameSync(from, to);
  }

  removeSync(path: string): boolean {
    return this.#files.delete(path) || this.#directories.delete(path);
  }

  remove(path: string): Promise<boolean> {
    return Promise.resolve(this.removeSync(path));
  }

  setPermissionsSync(path: string, permissions: number): void {
    this.#existing(path).permissions = permissions;
  }

  syncDirectorySync(path: string): void {
    if (!this.#directories.has(path)) throw notFound();
  }

  // deno-lint-ignore require-await -- as a failure must reject
  async syncDirectory(path: string): Promise<void> {
    this.syncDirectorySync(path);
  }

  realPathSync(path: string): string {
    if (this.statusSync(path) === null) throw notFound();
    return path.startsWith("/") ? path : `/${path}`;
  }

  #existing(path: string): Content {
    const content = this.#files.get(path);
    if (content === undefined) throw notFound();
    return content;
  }
}

class SimulatedFile implements OpenFile {
  readonly #content: Content;
  readonly #appends: boolean;
  readonly #nowMs: () => number;
  #position = 0;

  constructor(content: Content, appends: boolean, nowMs: () => number) {
    this.#content = content;
    this.#appends = appends;
    this.#nowMs = nowMs;
  }

  readSync(target: Uint8Array): number {
    const portion = this.#content.bytes.subarray(this.#position, this.#position + target.length);
    target.set(portion);
    this.#position += portion.length;
    return portion.length;
  }

  read(target: Uint8Array): Promise<number> {
    return Promise.resolve(this.readSync(target));
  }

  writeSync(source: Uint8Array): number {
    if (this.#appends) this.#position = this.#content.bytes.length;
    const end = this.#position + source.length;
    if (end > this.#content.bytes.length) this.truncateSync(end);
    this.#content.bytes.set(source, this.#position);
    this.#content.modifiedMs = this.#nowMs();
    this.#position = end;
    return source.length;
  }

  write(source: Uint8Array): Promise<number> {
    return Promise.resolve(this.writeSync(source));
  }

  seekSync(offset: number): void {
    this.#position = offset;
  }

  truncateSync(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.#content.bytes.subarray(0, size));
    this.#content.bytes = bytes;
  }

  syncDataSync(): void {}

  syncData(): Promise<void> {
    return Promise.resolve();
  }

  syncSync(): void {}

  sync(): Promise<void> {
    return Promise.resolve();
  }

  statusSync(): FileStatus {
    return statusOf(this.#content);
  }

  close(): void {}
}

function statusOf(content: Content): FileStatus {
  const { bytes, modifiedMs } = content;
  return { isFile: true, isDirectory: false, size: bytes.length, modifiedMs };
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === 0 ? "/" : path.slice(0, Math.max(slash, 0));
}

function notFound(): SystemError {
  return new SystemError("ENOENT", "No such file or directory");
}
