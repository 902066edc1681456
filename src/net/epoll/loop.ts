/**
 * The loop that watches sockets, turn by turn, and shares its thread with the runtime.
 *
 * A turn waits until some sockets are ready, deals with each, and ends: the log is written, then the
 * replies are sent. Turns follow each other in a stay on the thread, which ends with the runtime
 * getting its share:
 *
 * - as soon as the poller says that the runtime has something to do, and again until it has done it
 *   (unless yielding is dear: such a runtime wakes itself with each yield, and would never be done);
 * - after a millisecond of turns, or more where yielding is dear: a twentieth of the time may go there;
 * - when there was nothing to do.
 *
 * What the runtime has begun without the poller knowing is never left waiting for long: a wait takes
 * 10 ms at most, unless some stays in a row have seen nothing at all. Timers are the loop's own
 * business: no wait is longer than until the next one, and those that are due go off in between.
 */
import { type Clock, type Kernel, type Network, type Poller, RUNTIME } from "../../platform/mod.ts";
import { SharedSpace } from "./inbox.ts";

/** Something with a socket that the loop watches. */
export interface Watched {
  /** @param events What has happened: EPOLLIN and the like. */
  ready(events: number): void;
}

/** Something that has to wait for the end of what runs now. */
export interface Postponed {
  goOn(): void;
}

/** A stay on the thread is at least so long, in ms, */
const STAY_MS = 1;
/** and so many times as long as it takes to yield. */
const STAY_PER_YIELD = 20;

/** Yielding that takes longer, in ms, is dear. */
const DEAR_YIELD_MS = 0.5;

/** The longest wait, in ms, as long as the runtime may have begun something. */
const WAIT_MS = 10;
/** The longest wait otherwise. */
const IDLE_WAIT_MS = 1000;
/** After so many stays in which nothing happened nothing is under way. */
const QUIET_STAYS = 4;
/** After the runtime has taken note of something, it needs so many yields to deal with it. */
const SETTLING_YIELDS = 3;

export class EpollLoop {
  readonly kernel: Kernel;
  readonly shared = new SharedSpace();
  poller!: Poller;
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #endTurn: () => void;
  /** Who watches which socket. */
  readonly #watched: (Watched | undefined)[] = [];
  #watchedCount = 0;
  #postponed: Postponed[] = [];
  #isRunning = false;
  /** Whether the runtime had something to do when it was last looked. */
  #isRuntimeReady = false;
  #settling = 0;
  /** How many stays in a row have seen nothing. */
  #quietStays = 0;
  /** What yielding takes at least, lately, in ms, and when the present one began. */
  #yieldMs = 0;
  #yieldedMs = 0;
  readonly #stayOn = () => this.#stay();

  /** @param endTurn Is called at the end of each turn in which something happened. */
  constructor(network: Network, clock: Clock, endTurn: () => void) {
    this.kernel = network.kernel;
    this.#network = network;
    this.#clock = clock;
    this.#endTurn = endTurn;
  }

  /** Begins to watch a socket. */
  watch(fd: number, watched: Watched, events: number): void {
    if (!this.#isRunning) this.#begin();
    if (this.#watched[fd] === undefined) this.#watchedCount++;
    this.#watched[fd] = watched;
    this.poller.add(fd, events);
  }

  /** The socket is about to be closed. Without any the loop ends, until there is one again. */
  forget(fd: number): void {
    if (this.#watched[fd] === undefined) return;
    this.#watched[fd] = undefined;
    this.#watchedCount--;
  }

  /** Has something go on when the present turn has ended, or soon when there is none. */
  later(postponed: Postponed): void {
    this.#postponed.push(postponed);
  }

  #begin(): void {
    this.#isRunning = true;
    this.poller = this.#network.openPoller();
    this.#yield();
  }

  #yield(): void {
    this.#yieldedMs = this.#clock.monotonicMs();
    this.#network.yields.then(this.#stayOn);
  }

  #stay(): void {
    if (this.#watchedCount === 0) {
      this.#isRunning = false;
      this.poller.close();
      return;
    }
    const clock = this.#clock;
    const { timers } = this.#network;
    const startMs = clock.monotonicMs();
    // What else the runtime had to do is no part of the price, which is the least seen lately.
    this.#yieldMs = Math.min(this.#yieldMs * 1.01 + 0.001, startMs - this.#yieldedMs);
    if (this.#yieldMs > DEAR_YIELD_MS && this.poller.isWoken) this.poller.leaveRuntime();
    const endMs = startMs + Math.max(STAY_MS, STAY_PER_YIELD * this.#yieldMs);
    let nowMs = startMs;
    let isBusy: boolean;
    do {
      isBusy = this.#turn(this.#waitMs(timers.untilDueMs(nowMs)));
      nowMs = clock.monotonicMs();
      timers.run(nowMs);
    } while (isBusy && !this.#isRuntimeReady && nowMs < endMs);
    this.#yield();
  }

  /** How long to wait at most, in whole ms. */
  #waitMs(untilDueMs: number): number {
    if (this.#postponed.length > 0) return 0;
    if (this.#settling > 0) {
      this.#settling--;
      return 0;
    }
    const isQuiet = this.#quietStays >= QUIET_STAYS && this.poller.isWoken;
    return Math.ceil(Math.min(untilDueMs, isQuiet ? IDLE_WAIT_MS : WAIT_MS));
  }

  /** One turn; whether something happened. */
  #turn(waitMs: number): boolean {
    const { poller } = this;
    const count = poller.wait(waitMs);
    let handled = 0;
    this.#isRuntimeReady = false;
    for (let i = 0; i < count; i++) {
      const fd = poller.fd(i);
      if (fd === RUNTIME) {
        this.#isRuntimeReady = true;
        this.#settling = SETTLING_YIELDS;
        continue;
      }
      // One that was closed in this turn is gone, and one that has got its number has nothing yet.
      const watched = this.#watched[fd];
      if (watched !== undefined) {
        watched.ready(poller.events(i));
        handled++;
      }
    }
    if (this.#postponed.length > 0) {
      this.#goOn();
      handled++;
    }
    if (handled > 0) this.#endTurn();
    if (count > 0 || handled > 0) this.#quietStays = 0;
    else if (waitMs > 0) this.#quietStays++;
    return handled > 0;
  }

  #goOn(): void {
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const one of postponed) one.goOn();
  }
}
