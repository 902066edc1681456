/** Everything that a transport needs which drives the sockets of the Linux kernel itself. */
import type { Timers } from "../clock.ts";
import { RuntimeYields, type Yields } from "../yields.ts";
import { eventLayout } from "./constants.ts";
import { type Kernel, LinuxKernel } from "./kernel.ts";
import { type Libc, libc } from "./libc.ts";
import { EpollPoller, type Poller } from "./poller.ts";

export interface Network {
  readonly kernel: Kernel;
  readonly timers: Timers;
  readonly yields: Yields;
  /** @returns A poller that watches nothing yet, for a loop of its own. */
  openPoller(): Poller;
}

export class LinuxNetwork implements Network {
  readonly kernel: Kernel;
  readonly yields = new RuntimeYields();
  readonly #c: Libc;

  private constructor(c: Libc, readonly timers: Timers) {
    this.#c = c;
    this.kernel = new LinuxKernel(c);
  }

  /** @returns null on other systems and processors, and without the permission that it takes. */
  static open(timers: Timers): LinuxNetwork | null {
    if (eventLayout(Deno.build.arch) === null) return null;
    const c = libc();
    return c === null ? null : new LinuxNetwork(c, timers);
  }

  openPoller(): Poller {
    return new EpollPoller(this.#c, eventLayout(Deno.build.arch)!);
  }
}
