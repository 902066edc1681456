/**
 * The process, the host it runs on, and its standard streams.
 *
 * What needs a permission that has not been given answers with nothing, "" or 0 as stated, so that
 * the server runs with fewer permissions and only tells less about itself.
 */
import { attempt } from "./errors.ts";

/** Processor time in microseconds. */
export interface CpuTimes {
  readonly userUs: number;
  readonly systemUs: number;
}

export interface Process {
  readonly pid: number;
  /** The arguments that follow the program's name. */
  readonly args: readonly string[];
  /** `linux`, `darwin`, `windows` … */
  readonly os: string;
  /** `x86_64` or `aarch64`. */
  readonly arch: string;
  /** The release of the operating system's kernel; "" when unknown. */
  readonly osRelease: string;
  readonly hostName: string;
  readonly cpuCount: number;
  readonly denoVersion: string;
  readonly v8Version: string;
  /** The path of the program that runs; "" when unknown. */
  readonly executable: string;
  /** The memory of the host; 0 when unknown. */
  readonly systemMemoryBytes: number;
  /** The directory that relative paths start from; "" when unknown. */
  readonly workingDirectory: string;
  /** The memory of this process that is in RAM. Some 8 µs. */
  rssBytes(): number;
  /** The part of the JavaScript heap that is in use. Some 8 µs. */
  heapBytes(): number;
  /** What this process has used of the processors so far. The first call takes some 10 ms. */
  cpuTimes(): CpuTimes;
  /** A variable of the environment; undefined when it is not set, or not to be seen. */
  env(name: string): string | undefined;
  /** Writes to the standard output; what cannot be written is dropped. */
  writeOut(bytes: Uint8Array): void;
  /** Writes to the standard error; what cannot be written is dropped. */
  writeError(bytes: Uint8Array): void;
  /** Everything that the standard input has to give, up to its end. */
  readInput(): Uint8Array;
  /** The next line of the standard input, without its end and without what follows it there. */
  readLine(): string;
  outIsTerminal(): boolean;
  inputIsTerminal(): boolean;
  /** Ends the process at once. */
  exit(code: number): never;
}

const INPUT_PORTION_BYTES = 64 * 1024;
const LF = 0x0a;

/**
 * Node's `process`, which alone knows the processor time. It is not imported: that would cost every
 * start 10 ms and 7 MiB, where the global loads what it needs when it is first touched.
 */
interface NodeGlobals {
  readonly process: { cpuUsage(): { readonly user: number; readonly system: number } };
}

export class SystemProcess implements Process {
  readonly pid = Deno.pid;
  readonly args = Deno.args;
  readonly os: string = Deno.build.os;
  readonly arch: string = Deno.build.arch;
  readonly cpuCount = navigator.hardwareConcurrency;
  readonly denoVersion = Deno.version.deno;
  readonly v8Version = Deno.version.v8;

  get osRelease(): string {
    return attempt(() => Deno.osRelease(), "");
  }

  get hostName(): string {
    return attempt(() => Deno.hostname(), "");
  }

  get executable(): string {
    return attempt(() => Deno.execPath(), "");
  }

  get systemMemoryBytes(): number {
    return attempt(() => Deno.systemMemoryInfo().total, 0);
  }

  get workingDirectory(): string {
    return attempt(() => Deno.cwd(), "");
  }

  rssBytes(): number {
    return Deno.memoryUsage().rss;
  }

  heapBytes(): number {
    return Deno.memoryUsage().heapUsed;
  }

  cpuTimes(): CpuTimes {
    const { user, system } = (globalThis as unknown as NodeGlobals).process.cpuUsage();
    return { userUs: user, systemUs: system };
  }

  env(name: string): string | undefined {
    return attempt(() => Deno.env.get(name), undefined);
  }

  writeOut(bytes: Uint8Array): void {
    writeAllOrDrop(Deno.stdout, bytes);
  }

  writeError(bytes: Uint8Array): void {
    writeAllOrDrop(Deno.stderr, bytes);
  }

  readInput(): Uint8Array {
    const portions: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const portion = new Uint8Array(INPUT_PORTION_BYTES);
      const n = Deno.stdin.readSync(portion);
      if (n === null) break;
      portions.push(portion.subarray(0, n));
      size += n;
    }
    const all = new Uint8Array(size);
    let at = 0;
    for (const portion of portions) {
      all.set(portion, at);
      at += portion.length;
    }
    return all;
  }

  readLine(): string {
    const byte = new Uint8Array(1);
    let line = "";
    while (Deno.stdin.readSync(byte) === 1 && byte[0] !== LF) line += String.fromCharCode(byte[0]);
    return line.replace(/\r$/, "");
  }

  outIsTerminal(): boolean {
    return Deno.stdout.isTerminal();
  }

  inputIsTerminal(): boolean {
    return Deno.stdin.isTerminal();
  }

  exit(code: number): never {
    Deno.exit(code);
  }
}

/** A reader that has gone away, or a full disk behind the stream, must not end the server. */
function writeAllOrDrop(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  attempt(() => {
    let at = 0;
    while (at < bytes.length) at += stream.writeSync(bytes.subarray(at));
  }, undefined);
}
