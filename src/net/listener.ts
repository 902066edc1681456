/** Accepting connections, one after the other, whatever happens to some of them. */
import {
  type Clock,
  errorCode,
  errorText,
  type SocketAddress,
  type SocketListener,
  type StreamSocket,
} from "../platform/mod.ts";
import { ACCEPT_PAUSE_MS, CONNECTION_GONE, type NetLog } from "./transport.ts";

/** Accepts connections from `listener` until it is closed. */
export class AcceptLoop {
  /** Takes each connection over; one that it throws for is closed. */
  admit: (socket: StreamSocket) => void;
  readonly #listener: SocketListener;
  readonly #clock: Clock;
  readonly #log: NetLog;
  #closed = false;

  constructor(
    listener: SocketListener,
    clock: Clock,
    log: NetLog,
    admit: (socket: StreamSocket) => void,
  ) {
    this.admit = admit;
    this.#listener = listener;
    this.#clock = clock;
    this.#log = log;
  }

  get address(): SocketAddress {
    return this.#listener.address;
  }

  async run(): Promise<void> {
    while (!this.#closed) {
      let socket: StreamSocket;
      try {
        socket = await this.#listener.accept();
      } catch (error) {
        if (!this.#closed) await this.#recover(error);
        continue;
      }
      try {
        this.admit(socket);
      } catch (error) {
        this.#log.warning(`Accepting client connection: ${errorText(error)}`);
        socket.close();
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#listener.close();
  }

  async #recover(error: unknown): Promise<void> {
    if (CONNECTION_GONE.has(errorCode(error))) return;
    this.#log.warning(`Accepting client connection: ${errorText(error)}`);
    await new Promise<void>((resolve) => this.#clock.after(ACCEPT_PAUSE_MS, resolve));
  }
}
