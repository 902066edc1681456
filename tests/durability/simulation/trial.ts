/**
 * A trial: a workload on a machine whose power might fail at any call to the disk. At each of them the
 * disk that a failure would leave is set aside, a new server is started on it, and what it holds is
 * compared with what was promised until then.
 */
import { type DiskCall, SimulatedDisk } from "../../support/disk/simulated_disk.ts";
import { type Tear, TEARS } from "../../support/disk/stored_file.ts";
import { Random } from "../../support/random.ts";
import { type SimulatedClock, START_MS } from "../../support/simulated_platform.ts";
import { firstDifference, readState } from "./data_state.ts";
import { History } from "./history.ts";
import { clockAt, Machine, type SomeSettings } from "./machine.ts";
import { drawFaults } from "./faults.ts";
import { EVERYSEC_MAX_LOSS_MS, Promises } from "./promises.ts";
import type { SimulatedClient } from "./simulated_client.ts";
import type { Step } from "./workload.ts";

/** Everything that a trial depends on. */
export interface Plan {
  readonly seed: number;
  readonly settings: SomeSettings;
  readonly steps: readonly Step[];
  /** Puts onto the disk what is there before the first start. */
  readonly prepare?: (disk: SimulatedDisk) => void;
  /** How long calls take that wait in another thread, at most, in ms. */
  readonly latencyMaxMs?: number;
  /** Whether calls to the disk fail now and then. */
  readonly hasFaults?: boolean;
}

/** The disk as a crash at a call leaves it, with what is known of that moment. */
interface Image {
  readonly call: DiskCall;
  readonly disk: SimulatedDisk;
  /** Stands at the time when the power comes back. */
  readonly clock: SimulatedClock;
  readonly tear: Tear | undefined;
  readonly seed: number;
  /** When the power failed. */
  readonly atMs: number;
  readonly settings: SomeSettings;
  /** The oldest state that may be found, and how many there were. */
  readonly floor: number;
  readonly count: number;
  /** How many crashes came before this one, each while the server recovered from the one before. */
  readonly depth: number;
  /** Whether a file may have got a hole, in this crash or in one before. */
  readonly mayHaveHoles: boolean;
}

export interface Failure {
  readonly problem: string;
  readonly call: DiskCall;
  readonly tear: Tear | undefined;
  readonly depth: number;
  /** What the server has logged after the crash. */
  readonly log: string;
}

export interface Outcome {
  /** Calls to the disk that the workload has made. */
  calls: number;
  /** Crashes that were recovered from. */
  crashes: number;
  /** Those in which the server did not start before the log was repaired. */
  refusals: number;
  failure: Failure | null;
}

/** A crash while the server recovers is tried after one crash in so many, and so deep. */
const DEEPER_ONE_IN = 4;
const MAX_DEPTH = 2;
/** After one crash in so many it is tried whether the server goes on as before. */
const GOES_ON_ONE_IN = 4;
/** After one crash in so many the server is started on a failing disk first. */
const FAILING_START_ONE_IN = 4;
/** The power is back after so long at most, in ms. */
const OUTAGE_MAX_MS = 3000;

/** In place of the call before which the power fails: the process has ended itself. */
const END_OF_PROCESS: DiskCall = {
  number: 0,
  kind: "sync",
  path: "nothing: the process had ended",
};

/** Runs a plan until its end, or until something is wrong. */
export async function runTrial(plan: Plan): Promise<Outcome> {
  return await new Trial(plan).run();
}

class Trial {
  readonly #plan: Plan;
  readonly #random: Random;
  readonly #machine: Machine;
  readonly #clients = new Map<number, SimulatedClient>();
  readonly #images: Image[] = [];
  readonly #outcome: Outcome = { calls: 0, crashes: 0, refusals: 0, failure: null };
  #history!: History;
  #promises!: Promises;

  constructor(plan: Plan) {
    const { seed, settings, prepare, latencyMaxMs = 0 } = plan;
    this.#plan = plan;
    this.#random = new Random(seed);
    const clock = clockAt(START_MS);
    const disk = new SimulatedDisk({ clock, seed });
    prepare?.(disk);
    disk.latencyMs = () => this.#random.between(0, latencyMaxMs);
    this.#machine = new Machine({ clock, disk, seed, settings });
  }

  async run(): Promise<Outcome> {
    const machine = this.#machine;
    await machine.start();
    const { server } = machine;
    this.#history = new History(server.keyspace, machine.clock.nowMs());
    this.#promises = new Promises(machine, this.#history);
    machine.disk.beforeCall = (call) => this.#setAside(call);
    if (this.#plan.hasFaults) machine.disk.faultOf = drawFaults(this.#random, machine.disk);
    for (const step of this.#plan.steps) {
      await this.#do(step);
      this.#promises.look();
      if (machine.exitCode !== null) this.#setAside(END_OF_PROCESS);
      await this.#recoverFromAll();
      if (this.#outcome.failure !== null || machine.exitCode !== null) break;
    }
    if (machine.exitCode !== null && !this.#plan.hasFaults) this.#fail("the process has ended");
    machine.abandon();
    return this.#outcome;
  }

  // ---------------------------------------------------------------- the workload

  async #do(step: Step): Promise<void> {
    const { clock, server } = this.#machine;
    switch (step.kind) {
      case "request":
        return this.#request(step.client, step.args);
      case "turn":
        this.#machine.guard(() => server.endTurn());
        return await this.#machine.settle();
      case "wait":
        this.#machine.guard(() => server.endTurn());
        await this.#machine.wait(step.ms);
        this.#history.observe(server.keyspace, clock.nowMs());
        return;
    }
  }

  #request(number: number, args: readonly string[]): void {
    const { clock, server } = this.#machine;
    let client = this.#clients.get(number);
    if (client === undefined || client.isClosed) {
      client = this.#machine.connect();
      this.#clients.set(number, client);
    }
    let state = this.#history.last;
    this.#machine.guard(() =>
      client.send(args, (reply) => this.#promises.answered(args, reply, state))
    );
    state = this.#history.observe(server.keyspace, clock.nowMs());
  }

  #fail(problem: string): void {
    const { log } = this.#machine;
    this.#outcome.failure ??= { problem, call: END_OF_PROCESS, tear: undefined, depth: 0, log };
  }

  // ---------------------------------------------------------------- crashes

  #setAside(call: DiskCall): void {
    const { clock, disk, keepsLog, settings } = this.#machine;
    const { appendfsync } = settings;
    this.#outcome.calls++;
    this.#promises.look();
    this.#images.push(this.#image(disk, {
      call,
      atMs: clock.nowMs(),
      settings: { ...this.#plan.settings, appendonly: keepsLog, appendfsync },
      floor: this.#promises.floor,
      count: this.#history.last + 1,
      depth: 1,
      mayHaveHoles: disk.failedSyncs > 0,
    }));
  }

  #image(disk: SimulatedDisk, known: Omit<Image, "disk" | "clock" | "tear" | "seed">): Image {
    const seed = this.#random.next();
    const tear = this.#random.pick([...TEARS, undefined]);
    const mayHaveHoles = known.mayHaveHoles || tear === "shuffled" || tear === undefined;
    const clock = clockAt(known.atMs + this.#random.below(OUTAGE_MAX_MS));
    const remains = disk.afterCrash({ clock, seed }, tear);
    return { ...known, mayHaveHoles, clock, seed, tear, disk: remains };
  }

  async #recoverFromAll(): Promise<void> {
    for (let image = this.#images.shift(); image; image = this.#images.shift()) {
      this.#outcome.crashes++;
      if (this.#plan.hasFaults && this.#random.oneIn(FAILING_START_ONE_IN)) {
        await this.#startOnFailingDisk(image);
      }
      const machine = new Machine(image);
      const problem = await this.#recover(machine, image);
      machine.abandon();
      if (problem === null) continue;
      const { call, tear, depth } = image;
      this.#outcome.failure = { call, tear, depth, problem, log: machine.log };
      this.#images.length = 0;
    }
  }

  /** Starts a server while the disk fails: it may end or not, but must leave what is promised. */
  async #startOnFailingDisk({ clock, disk, seed, settings }: Image): Promise<void> {
    disk.faultOf = drawFaults(this.#random, disk, 4);
    const machine = new Machine({ clock, disk, seed, settings });
    await machine.start();
    machine.abandon();
    disk.capacityBytes = Infinity;
  }

  /** Starts a server on what a crash has left. @returns What is wrong then. */
  async #recover(machine: Machine, image: Image): Promise<string | null> {
    const { clock, count, depth, disk, floor } = image;
    const mayHaveHoles = image.mayHaveHoles || disk.failedSyncs > 0;
    if (depth < MAX_DEPTH && this.#random.oneIn(DEEPER_ONE_IN)) {
      disk.beforeCall = (call) => {
        this.#images.push(
          this.#image(disk, { ...image, call, atMs: clock.nowMs(), depth: depth + 1 }),
        );
      };
    }
    await machine.start();
    disk.beforeCall = () => {};
    if (!machine.isReady) {
      // Sectors that were lost in the middle of a file are damage like any other.
      const mayRefuse = mayHaveHoles || !machine.settings.aofLoadTruncated;
      if (!mayRefuse || machine.exitCode === null) return "the server does not start";
      this.#outcome.refusals++;
      return await this.#repair(machine, image);
    }
    const found = readState(machine.server.keyspace);
    const problem = this.#history.judge(found, floor, count, clock.nowMs()) ?? missingTail(machine);
    if (problem !== null || !this.#random.oneIn(GOES_ON_ONE_IN)) return problem;
    return await this.#goOn(machine, image);
  }

  /** Has the log cut off where it is damaged: then the server starts, and what was promised is there. */
  async #repair(machine: Machine, image: Image): Promise<string | null> {
    const refusal = machine.repairLog();
    if (refusal !== null) return `what the server does not load cannot be repaired: ${refusal}`;
    const again = new Machine(image);
    await again.start();
    const problem = again.isReady
      ? this.#history.judge(
        readState(again.server.keyspace),
        image.floor,
        image.count,
        image.clock.nowMs(),
      )
      : `the server does not start after the repair: ${again.log}`;
    again.abandon();
    return problem;
  }

  /** Changes something, lets the power fail again, and looks whether the change is there. */
  async #goOn(machine: Machine, { clock, disk, seed, settings }: Image): Promise<string | null> {
    const client = machine.connect();
    const replies: string[] = [];
    client.send(["SET", "probe", String(seed)], (reply) => replies.push(reply));
    if (!settings.appendonly) client.send(["SAVE"], (reply) => replies.push(reply));
    machine.guard(() => machine.server.endTurn());
    await machine.wait(settings.appendonly ? EVERYSEC_MAX_LOSS_MS : 0);
    if (replies.some((reply) => reply !== "+OK\r\n") || replies.length === 0) {
      return `after the start, a change was answered with ${replies.join()}`;
    }
    if (settings.appendonly && settings.appendfsync === "no") return null;
    const wanted = readState(machine.server.keyspace);
    const again = new Machine({
      clock,
      disk: disk.afterCrash({ clock, seed }, "lost"),
      seed,
      settings,
    });
    await again.start();
    const difference = again.isReady
      ? firstDifference(wanted, readState(again.server.keyspace), clock.nowMs())
      : `the server does not start: ${again.log}`;
    again.abandon();
    return difference === null ? null : `after a second crash, ${difference}`;
  }
}

/** What is wrong with the tail that the server says to have cut off and kept; null: nothing. */
function missingTail({ disk, log }: Machine): string | null {
  const told = /the last (\d+) bytes, .* are cut off and kept in (\S+)/.exec(log);
  if (told === null) return null;
  const [, bytes, path] = told;
  return disk.statusSync(path)?.size === Number(bytes) ? null : `${path} lacks what was cut off`;
}
