/**
 * Places where the transport listens, opened together, and how others take their place.
 *
 * A socket that closes loses the connections that wait in it, and the runtime closes it a little
 * after it was told to. So where the same addresses are listened on before and after a change, their
 * sockets stay; and one that is replaced by a socket for all addresses still accepts for a moment,
 * because the system gives it, as the more special one, what arrives until it is gone.
 */
import type { Clock, SocketAddress } from "../platform/mod.ts";
import { ANY_IPV4, ANY_IPV6, isIpv4 } from "./address.ts";
import type { AcceptLoop } from "./listener.ts";
import type { Places } from "./transport.ts";

/** For so long a socket accepts beside the one that has replaced it. */
const LINGER_MS = 100;

export class Listening implements Places {
  readonly #loops: readonly AcceptLoop[];
  readonly #clock: Clock;
  readonly #closed: () => void;

  /** @param closed Is called when all of it is closed. */
  constructor(loops: readonly AcceptLoop[], clock: Clock, closed: () => void = () => {}) {
    this.#loops = loops;
    this.#clock = clock;
    this.#closed = closed;
  }

  get addresses(): readonly SocketAddress[] {
    return this.#loops.map((loop) => loop.address);
  }

  /** The loop that accepts what arrives at an address; undefined where none does. */
  at(host: string, port: number): AcceptLoop | undefined {
    return this.#loops.find(({ address }) => address.host === host && address.port === port);
  }

  /** Ends what is not a part of `next`, which takes its place. */
  giveWay(next: Listening): void {
    for (const loop of this.#loops) {
      if (next.#loops.includes(loop)) continue;
      if (next.#covers(loop.address)) this.#clock.after(LINGER_MS, () => loop.close());
      else loop.close();
    }
  }

  close(): void {
    for (const loop of this.#loops) loop.close();
    this.#closed();
  }

  /** Whether what arrives at an address is accepted here, too. */
  #covers({ host, port }: SocketAddress): boolean {
    const any = isIpv4(host) ? ANY_IPV4 : ANY_IPV6;
    return this.at(host, port) !== undefined || this.at(any, port) !== undefined;
  }
}
