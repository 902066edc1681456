/**
 * A server inside the test: real engine, simulated platform, no sockets. Time stands still until the
 * test moves it, the same seed gives the same run.
 *
 * ```ts
 * const server = new EmbeddedServer({ settings: { maxmemory: 1 << 20 } });
 * const client = server.connect();
 * assertEquals(client.send("SET k v"), "+OK\r\n");
 * server.clock.advance(1000);
 * ```
 */
import { Registry } from "../../src/commands/registry.ts";
import type { CommandTable } from "../../src/commands/spec.ts";
import { COMMAND_TABLES } from "../../src/commands/tables.ts";
import { Config, type Settings } from "../../src/config/mod.ts";
import type { Connection, Peer } from "../../src/server/connection.ts";
import { Log } from "../../src/server/log.ts";
import { Server } from "../../src/server/server.ts";
import { latin1Bytes, latin1Text } from "./latin1.ts";
import { SimulatedPlatform } from "./simulated_platform.ts";

/** What may differ from the defaults. */
export interface EmbeddedOptions {
  readonly seed?: number;
  /** Commands beside the real ones. */
  readonly tables?: readonly CommandTable[];
  readonly settings?: { -readonly [Name in keyof Settings]?: Settings[Name] };
}

export class EmbeddedServer {
  readonly platform: SimulatedPlatform;
  readonly server: Server;
  readonly #turn: Turn = { isOpen: false, resumed: [] };

  constructor({ seed = 1, settings = {}, tables = [] }: EmbeddedOptions = {}) {
    this.platform = new SimulatedPlatform(seed);
    const config = new Config(this.platform.files, "/");
    Object.assign(config.settings, settings);
    const log = new Log(this.platform);
    this.server = new Server({
      platform: this.platform,
      settings: config.settings,
      registry: new Registry([...COMMAND_TABLES, ...tables]),
      log,
      config,
    });
    this.server.start();
  }

  get clock() {
    return this.platform.clock;
  }

  /** A client on a connection of its own. */
  connect(): EmbeddedClient {
    const client = new EmbeddedClient(this.server, this.#turn);
    const peer = this.server.accept(client);
    if (peer === null) throw new Error(`Refused: ${latin1Text(this.server.refusal)}`);
    client.peer = peer;
    this.server.endTurn();
    return client;
  }
}

/** What the clients of a server share: whether one's bytes are being read, and who reads on afterwards. */
interface Turn {
  isOpen: boolean;
  readonly resumed: EmbeddedClient[];
}

/** The other end of a connection: what a client sends, and what it gets. */
export class EmbeddedClient implements Connection {
  readonly address = "127.0.0.1:50000";
  readonly localAddress = "127.0.0.1:6379";
  readonly fd = -1;
  readonly isUnix = false;
  readonly isLocal: boolean = true;
  readonly receiveBufferBytes = 0;
  peer!: Peer;
  isClosed = false;
  readonly #server: Server;
  readonly #turn: Turn;
  #unconsumed = new Uint8Array(0);
  #replies = "";

  constructor(server: Server, turn: Turn = { isOpen: false, resumed: [] }) {
    this.#server = server;
    this.#turn = turn;
  }

  get receivedBytes(): number {
    return this.#unconsumed.length;
  }

  /** Sends a line as an inline command and gives what is replied in the same turn, one char a byte. */
  send(line: string): string {
    return this.sendRaw(`${line}\r\n`);
  }

  /** Sends bytes, one for each char. */
  sendRaw(text: string): string {
    this.#offer(latin1Bytes(latin1Text(this.#unconsumed) + text));
    return this.takeReplies();
  }

  /** What has arrived since the last look. */
  takeReplies(): string {
    const replies = this.#replies;
    this.#replies = "";
    return replies;
  }

  #offer(bytes: Uint8Array): void {
    const turn = this.#turn;
    const isOuter = !turn.isOpen;
    turn.isOpen = true;
    this.#receive(bytes);
    if (!isOuter) return;
    turn.isOpen = false;
    for (let next = turn.resumed.shift(); next; next = turn.resumed.shift()) next.resume();
  }

  #receive(bytes: Uint8Array): void {
    let start = 0;
    while (!this.isClosed && !this.peer.held && start < bytes.length) {
      const { bulk } = this.peer;
      if (bulk === null) {
        const consumed = this.peer.receive(bytes, start, bytes.length);
        start += consumed;
        if (this.peer.bulk === null) break;
      } else {
        const n = Math.min(bulk.end - bulk.at, bytes.length - start);
        bulk.buf.set(bytes.subarray(start, start + n), bulk.at);
        bulk.at += n;
        start += n;
        this.peer.receiveBulk(n);
      }
    }
    this.#unconsumed = bytes.slice(start);
    this.#server.endTurn();
  }

  flush(): void {
    const { output } = this.peer;
    while (output.pendingBytes > 0) {
      const chunk = output.take();
      this.#replies += latin1Text(chunk);
      output.sent(chunk.length);
      this.peer.sent(chunk.length);
    }
    this.peer.drained();
  }

  closeAfterFlush(): void {
    this.flush();
    this.close();
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.peer.closed();
    this.peer.settled();
  }

  /** Not at once while another client's requests run. */
  resume(): void {
    if (this.#turn.isOpen) this.#turn.resumed.push(this);
    else this.#offer(this.#unconsumed);
  }
}
