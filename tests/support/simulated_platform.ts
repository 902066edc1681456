/**
 * A platform that a test holds in its hand: time stands still until it is moved, randomness comes
 * from a seed, files and sockets live in memory. The same seed and the same calls give the same run.
 */
import type {
  Cancel,
  Clock,
  CpuTimes,
  Entropy,
  Platform,
  Process,
  Signal,
  Signals,
} from "../../src/platform/mod.ts";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { Random } from "./random.ts";
import { SimulatedFiles } from "./simulated_files.ts";
import { SimulatedSockets } from "./simulated_sockets.ts";

/** When simulated time begins: on 22 November 2026 at noon, UTC. */
export const START_MS = Date.UTC(2026, 10, 22, 12);

interface Timer {
  readonly dueMs: number;
  readonly fn: () => void;
}

export class SimulatedClock implements Clock {
  #nowMs = START_MS;
  /** Ordered by due time; equal ones in the order they were set. */
  readonly #timers: Timer[] = [];

  nowMs(): number {
    return Math.floor(this.#nowMs);
  }

  nowUs(): number {
    return Math.floor(this.#nowMs * 1000);
  }

  monotonicMs(): number {
    return this.#nowMs - START_MS;
  }

  after(ms: number, fn: () => void): Cancel {
    const timer = { dueMs: this.#nowMs + ms, fn };
    const later = this.#timers.findIndex((other) => other.dueMs > timer.dueMs);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** Time passes, but no timer fires. */
  sleep(ms: number): void {
    this.#nowMs += ms;
  }

  /** Moves time on and fires the timers that fall due on the way, each at its time. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.#timers.length > 0 && this.#timers[0].dueMs <= endMs) {
      const timer = this.#timers.shift()!;
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.fn();
    }
    this.#nowMs = endMs;
  }
}

export class SimulatedEntropy implements Entropy {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.#random.below(256));
  }
}

export class SimulatedSignals implements Signals {
  readonly #listeners: { signal: Signal; fn: () => void }[] = [];

  on(signal: Signal, fn: () => void): () => void {
    const listener = { signal, fn };
    this.#listeners.push(listener);
    return () => this.#listeners.splice(this.#listeners.indexOf(listener), 1);
  }

  /** Lets a signal arrive. */
  raise(signal: Signal): void {
    for (const listener of this.#listeners) if (listener.signal === signal) listener.fn();
  }
}

/** What {@link SimulatedProcess.exit} throws, since it cannot end the test. */
export class SimulatedExit extends Error {
  constructor(readonly exitCode: number) {
    super(`The process has ended with code ${exitCode}`);
  }
}

export class SimulatedProcess implements Process {
  pid = 12345;
  args: string[] = [];
  os = "linux";
  arch = "x86_64";
  osRelease = "6.1.0";
  hostName = "simulation";
  cpuCount = 2;
  denoVersion = "2.9.6";
  v8Version = "15.0";
  executable = "/usr/bin/keyrex";
  systemMemoryBytes = 2 ** 34;
  workingDirectory = "/";
  rss = 50_000_000;
  heap = 5_000_000;
  cpu: CpuTimes = { userUs: 0, systemUs: 0 };
  environment: Record<string, string> = {};
  input: Uint8Array = new Uint8Array(0);
  /** What was written to the standard output and the standard error. */
  out = "";
  error = "";

  rssBytes(): number {
    return this.rss;
  }

  heapBytes(): number {
    return this.heap;
  }

  cpuTimes(): CpuTimes {
    return this.cpu;
  }

  env(name: string): string | undefined {
    return this.environment[name];
  }

  writeOut(bytes: Uint8Array): void {
    this.out += latin1Text(bytes);
  }

  writeError(bytes: Uint8Array): void {
    this.error += latin1Text(bytes);
  }

  readInput(): Uint8Array {
    return this.input;
  }

  readLine(): string {
    const [line, ...rest] = latin1Text(this.input).split("\n");
    this.input = latin1Bytes(rest.join("\n"));
    return line;
  }

  outIsTerminal(): boolean {
    return false;
  }

  inputIsTerminal(): boolean {
    return false;
  }

  exit(code: number): never {
    throw new SimulatedExit(code);
  }
}

export class SimulatedPlatform implements Platform {
  readonly clock = new SimulatedClock();
  readonly entropy: SimulatedEntropy;
  readonly files = new SimulatedFiles(() => this.clock.nowMs());
  readonly sockets = new SimulatedSockets();
  readonly signals = new SimulatedSignals();
  readonly process = new SimulatedProcess();

  constructor(seed = 1) {
    this.entropy = new SimulatedEntropy(seed);
  }

  openNetwork(): null {
    return null;
  }
}
