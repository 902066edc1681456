/**
 * A machine in the test's hand, with a server on it: time that the test moves, and a disk that tells
 * what a power failure would leave.
 */
import { runCheck } from "../../../src/cli/check.ts";
import { Registry } from "../../../src/commands/registry.ts";
import { COMMAND_TABLES } from "../../../src/commands/tables.ts";
import { Config, type Settings } from "../../../src/config/mod.ts";
import type { Platform } from "../../../src/platform/mod.ts";
import { Log } from "../../../src/server/log.ts";
import { Server } from "../../../src/server/server.ts";
import type { SimulatedDisk } from "../../support/disk/simulated_disk.ts";
import {
  SimulatedClock,
  SimulatedEntropy,
  SimulatedExit,
  SimulatedProcess,
  SimulatedSignals,
} from "../../support/simulated_platform.ts";
import { SimulatedSockets } from "../../support/simulated_sockets.ts";
import { SimulatedClient } from "./simulated_client.ts";

/** Directives by the names that settings have. */
export type SomeSettings = { -readonly [Name in keyof Settings]?: Settings[Name] };

export interface MachineOptions {
  readonly clock: SimulatedClock;
  readonly disk: SimulatedDisk;
  readonly seed: number;
  readonly settings: SomeSettings;
}

/** Commands are the same on all machines. */
const registry = new Registry(COMMAND_TABLES);

/** How often waiting code is given its turn before nothing is thought to go on by itself. */
const TURNS = 12;
/** A server that has not loaded its data after so many rounds of a millisecond never will. */
const LOAD_ROUNDS = 1000;
const WAIT_STEP_MS = 50;

/** A process that can be seen to have ended. */
class MachineProcess extends SimulatedProcess {
  exitCode: number | null = null;

  override exit(code: number): never {
    this.exitCode ??= code;
    return super.exit(code);
  }
}

/** A clock that stands at a time other than the usual one. */
export function clockAt(nowMs: number): SimulatedClock {
  const clock = new SimulatedClock();
  clock.sleep(nowMs - clock.nowMs());
  return clock;
}

export class Machine {
  readonly clock: SimulatedClock;
  readonly disk: SimulatedDisk;
  readonly server: Server;
  readonly settings: Settings;
  readonly platform: Platform;
  readonly #process = new MachineProcess();
  #isReady = false;

  constructor({ clock, disk, seed, settings }: MachineOptions) {
    this.clock = clock;
    this.disk = disk;
    const platform = this.platform = {
      clock,
      entropy: new SimulatedEntropy(seed),
      files: disk,
      sockets: new SimulatedSockets(),
      signals: new SimulatedSignals(),
      process: this.#process,
      openNetwork: () => null,
    };
    const config = new Config(disk, "/");
    Object.assign(config.settings, settings);
    this.settings = config.settings;
    const log = new Log(platform);
    this.server = new Server({ platform, settings: config.settings, registry, log, config });
  }

  /** What the server has logged. */
  get log(): string {
    return this.#process.out;
  }

  /** Null while the process runs. */
  get exitCode(): number | null {
    return this.#process.exitCode;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** Has the damaged end of the log cut off, while no server runs. @returns What was said of it; null: done. */
  repairLog(): string | null {
    const { appenddirname } = this.settings;
    try {
      runCheck(this.platform, ["--fix", "--yes", appenddirname]);
    } catch (error) {
      if (!(error instanceof SimulatedExit)) throw error;
      return error.exitCode === 0 ? null : this.log;
    }
  }

  /** Starts the server; it has loaded its data, or ended, when this is over. */
  async start(): Promise<void> {
    this.guard(() => {
      this.server.start();
      this.server.load(() => this.#isReady = true);
    });
    await this.settle();
    for (let i = 0; !this.#isReady && this.exitCode === null && i < LOAD_ROUNDS; i++) {
      await this.wait(1);
    }
  }

  /** Does something that may end the process. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (this.exitCode === null) throw error;
    }
  }

  connect(): SimulatedClient {
    const client = new SimulatedClient();
    client.peer = this.server.accept(client)!;
    this.server.endTurn();
    return client;
  }

  /** Lets what goes on by itself go on, without time passing. */
  async settle(): Promise<void> {
    for (let i = 0; i < TURNS && this.exitCode === null; i++) {
      await Promise.resolve();
      this.guard(() => this.clock.advance(0));
    }
  }

  /** Lets time pass, a little at a time, so that what is done in between takes no longer than it should. */
  async wait(ms: number): Promise<void> {
    for (let left = ms; left > 0 && this.exitCode === null; left -= WAIT_STEP_MS) {
      this.guard(() => this.clock.advance(Math.min(left, WAIT_STEP_MS)));
      await this.settle();
    }
  }

  /** Whether the log is what the next start must load: not while it is just being switched on. */
  get keepsLog(): boolean {
    const { appendOnly } = this.server;
    return appendOnly.isOn && (!appendOnly.isFirst || appendOnly.writesFail);
  }

  /** Forgets the server; what it still does is seen by nobody. */
  abandon(): void {
    this.disk.beforeCall = () => {};
    this.disk.faultOf = () => null;
    this.guard(() => this.server.stop());
  }
}
