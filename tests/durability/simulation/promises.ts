/**
 * What a server has promised its users: which states of the data may not be lost any more, whenever
 * the power fails.
 *
 * It is worked out from what a user sees, the settings and the replies:
 *
 *     appendfsync always    what has been answered
 *     appendfsync everysec  what is older than two seconds
 *     appendfsync no        nothing but what was there at the start
 *     no log                what the last SAVE or BGSAVE that has succeeded has seen
 *
 * While the server reports that writing the log fails, nothing is added to that; from when it has
 * recovered on, what it has answered before counts again.
 */
import type { History } from "./history.ts";
import type { Machine } from "./machine.ts";

/** With `everysec` so much may be lost: a second until the sync begins, and one more for a slow disk. */
export const EVERYSEC_MAX_LOSS_MS = 2000;

export class Promises {
  readonly #machine: Machine;
  readonly #history: History;
  /** The oldest states that may be found after a crash: by what the log holds, and by what the dump. */
  #logFloor = 0;
  #dumpFloor = 0;
  /** The state that was saved by a BGSAVE under way. */
  #saving = 0;
  #saves: number;
  /** Since when the log has been kept as it is now. */
  #keptSinceMs: number;
  #kept: string;

  constructor(machine: Machine, history: History) {
    this.#machine = machine;
    this.#history = history;
    this.#saves = machine.server.persistence.saves;
    this.#keptSinceMs = machine.clock.nowMs();
    this.#kept = this.#howKept();
  }

  /** The oldest state that may be found when the power fails now. */
  get floor(): number {
    return this.#machine.keepsLog ? this.#logFloor : this.#dumpFloor;
  }

  /** A reply has reached its client; `state` is what the data was when its request had run. */
  answered(args: readonly string[], reply: string, state: number): void {
    if (this.#howKept() === "always") this.#logFloor = Math.max(this.#logFloor, state);
    const command = args[0].toLowerCase();
    if (command === "save" && reply === "+OK\r\n") this.#dumpFloor = state;
    if (command === "bgsave" && reply.startsWith("+Background saving started")) {
      this.#saving = state;
    }
  }

  /** To be called now and then: looks at the time, and at what has been done in the background. */
  look(): void {
    const nowMs = this.#machine.clock.nowMs();
    const { saves } = this.#machine.server.persistence;
    if (saves !== this.#saves) this.#dumpFloor = Math.max(this.#dumpFloor, this.#saving);
    this.#saves = saves;
    const kept = this.#howKept();
    // What the server has reported to fail it has not promised, until it says that it goes on.
    if (kept !== this.#kept || this.#machine.server.appendOnly.writesFail) {
      this.#keptSinceMs = nowMs;
    }
    this.#kept = kept;
    const sureMs = nowMs - EVERYSEC_MAX_LOSS_MS;
    if (kept !== "everysec" || this.#keptSinceMs > sureMs) return;
    this.#logFloor = Math.max(this.#logFloor, this.#history.lastBefore(sureMs));
  }

  #howKept(): string {
    const { appendfsync, appendonly } = this.#machine.settings;
    return appendonly ? appendfsync : "";
  }
}
