/**
 * The platform: everything that the server asks of the world around it, and the only code that
 * names Deno.
 *
 * Whatever is above gets a {@link Platform} handed to it, so that a test can hand it another one,
 * with a clock that it moves and a disk that it breaks.
 */
import { type Clock, SystemClock } from "./clock.ts";
import { type Files, SystemFiles } from "./files.ts";
import { LinuxNetwork, type Network } from "./linux/network.ts";
import { LinuxTime } from "./linux/time.ts";
import { type Process, SystemProcess } from "./process.ts";
import { type Entropy, SystemEntropy } from "./random.ts";
import { type Signals, SystemSignals } from "./signals.ts";
import { type Sockets, SystemSockets } from "./sockets.ts";

export type { Cancel, Clock, Timers } from "./clock.ts";
export { errorCode, errorText } from "./errors.ts";
export {
  type Files,
  type FileStatus,
  type OpenFile,
  type OpenMode,
  writeAllSync,
} from "./files.ts";
export { EAGAIN, EINTR, EMFILE, ENFILE, ENOBUFS, ENOMEM } from "./linux/constants.ts";
export { EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT } from "./linux/constants.ts";
export type { Kernel } from "./linux/kernel.ts";
export type { Network } from "./linux/network.ts";
export { type Poller, RUNTIME } from "./linux/poller.ts";
export { directoryOf, resolvePath } from "./paths.ts";
export type { CpuTimes, Process } from "./process.ts";
export { type Entropy, Random, randomHexId } from "./random.ts";
export { replaceFile } from "./replace_file.ts";
export type { Signal, Signals } from "./signals.ts";
export type { SocketAddress, SocketListener, Sockets, StreamSocket } from "./sockets.ts";
export type { Yields } from "./yields.ts";

export interface Platform {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly files: Files;
  readonly sockets: Sockets;
  readonly signals: Signals;
  readonly process: Process;
  /** @returns The sockets of the system itself; null where only those of the runtime can be had. */
  openNetwork(): Network | null;
}

/** The real world, as Deno shows it. */
export function denoPlatform(): Platform {
  const clock = new SystemClock(LinuxTime.open() ?? undefined);
  return {
    clock,
    entropy: new SystemEntropy(),
    files: new SystemFiles(),
    sockets: new SystemSockets(),
    signals: new SystemSignals(),
    process: new SystemProcess(),
    openNetwork: () => LinuxNetwork.open(clock),
  };
}
