/** Accepting connections, one after the other, whatever happens to some of them. */
import {
  type Clock,
  errorCode,
  errorText,
  type SocketAddress,
  type SocketListener,
  type StreamSocket,
} from "../platform/mod.ts";

/** Errors that concern one connection, which is gone already; any other may come again at once. */
const CONNECTION_GONE = new Set(["ECONNABORTED", "ECONNRESET", "ENOTCONN", "EPROTO"]);

/** How long to wait after such another, which mostly says that the files a process may open are used up. */
const PAUSE_MS = 100;

/** What the transport has to say, for the server's log. */
export interface NetLog {
  warning(message: string): void;
}

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
    await new Promise<void>((resolve) => this.#clock.after(PAUSE_MS, resolve));
  }
}
