/**
 * A Redis client over a raw socket that hides nothing: bytes out, reply bytes in, one at a time.
 *
 * It negotiates nothing, retries nothing and interprets no push, so that a test sees what the server
 * really sent. For a test that only needs an answer there is {@link RespClient.command}.
 */
import { decodeReply, replyEnd, replyValue, RespError, type Value } from "./reply.ts";

/** Where a server listens: a TCP port (of the loopback unless told otherwise) or a unix socket. */
export type Address = { readonly port: number; readonly hostname?: string } | {
  readonly path: string;
};

/** One argument of a command: bytes as they are, text as UTF-8, numbers in decimal. */
export type Argument = string | number | bigint | Uint8Array;

/** How long a reply may take before the connection is given up. */
const REPLY_TIMEOUT_MS = 15_000;
const READ_BYTES = 64 * 1024;

const utf8 = new TextEncoder();
const crlf = utf8.encode("\r\n");

/** A command as a client library sends it: an array of bulk strings. */
export function encodeCommand(args: readonly Argument[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [utf8.encode(`*${args.length}\r\n`)];
  for (const arg of args) {
    const bytes = arg instanceof Uint8Array ? arg : utf8.encode(String(arg));
    parts.push(utf8.encode(`$${bytes.length}\r\n`), bytes, crlf);
  }
  return concatBytes(parts);
}

/** The parts, one after the other, in one array. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** No reply came in time; the connection is closed, because what it says next is anybody's. */
export class ReplyTimeout extends Error {
  override name = "ReplyTimeout";
}

export class RespClient implements Disposable {
  #connection: Deno.Conn;
  #buf = new Uint8Array(READ_BYTES);
  #start = 0;
  #end = 0;
  #closed = false;

  private constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** @throws the platform's error when nobody listens at `address`. */
  static async connect(address: Address): Promise<RespClient> {
    if ("path" in address) {
      return new RespClient(await Deno.connect({ transport: "unix", path: address.path }));
    }
    const { hostname = "127.0.0.1", port } = address;
    const connection = await Deno.connect({ hostname, port });
    connection.setNoDelay(true);
    return new RespClient(connection);
  }

  /** Both ends as CLIENT LIST spells them; empty for a unix socket. */
  get ends(): { readonly local: string; readonly remote: string } {
    const spelled = (end: Deno.Addr) =>
      end.transport === "tcp" ? `${end.hostname}:${end.port}` : "";
    const { localAddr, remoteAddr } = this.#connection;
    return { local: spelled(localAddr), remote: spelled(remoteAddr) };
  }

  /** Sends one command; the reply is read apart. */
  send(...args: readonly Argument[]): Promise<void> {
    return this.sendBytes(encodeCommand(args));
  }

  /** Sends bytes as they are: half a command, a thousand commands, or garbage. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#connection.write(bytes.subarray(at));
    }
  }

  /** Bytes received that belong to no reply read so far. */
  get unreadBytes(): number {
    return this.#end - this.#start;
  }

  /**
   * Reads exactly one reply, or one push.
   *
   * @returns Its bytes, a copy; null when the server has closed the connection (what remains of a
   *   reply cut short is then in {@link unreadBytes}).
   * @throws ReplyTimeout when it does not come within `timeoutMs`.
   * @throws SyntaxError when what comes is no reply.
   */
  async readReplyBytes(timeoutMs = REPLY_TIMEOUT_MS): Promise<Uint8Array | null> {
    for (;;) {
      const end = replyEnd(this.#buf, this.#start, this.#end);
      if (end >= 0) {
        const bytes = this.#buf.slice(this.#start, end);
        this.#start = end;
        return bytes;
      }
      if (!await this.#readMore(timeoutMs)) return null;
    }
  }

  /** Like {@link readReplyBytes}; an error reply is a value here, the end of the connection an error. */
  async readReply(timeoutMs = REPLY_TIMEOUT_MS): Promise<Value> {
    const bytes = await this.readReplyBytes(timeoutMs);
    if (bytes === null) {
      throw new Deno.errors.UnexpectedEof("Cannot read a reply: connection closed");
    }
    return replyValue(decodeReply(bytes));
  }

  /**
   * Sends a command and reads one reply.
   *
   * @throws RespError when the reply is an error.
   */
  async command(...args: readonly Argument[]): Promise<Value> {
    await this.send(...args);
    const value = await this.readReply();
    if (value instanceof RespError) throw value;
    return value;
  }

  /** Sends all commands at once, then reads their replies; errors among them are values. */
  async pipeline(commands: readonly (readonly Argument[])[]): Promise<Value[]> {
    const [values] = await Promise.all([
      this.#readReplies(commands.length),
      this.sendBytes(concatBytes(commands.map(encodeCommand))),
    ]);
    return values;
  }

  /** Closes the socket; harmless when it is closed already. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #readReplies(count: number): Promise<Value[]> {
    const values: Value[] = [];
    while (values.length < count) values.push(await this.readReply());
    return values;
  }

  /** Waits for bytes. False: the server has closed the connection. */
  async #readMore(timeoutMs: number): Promise<boolean> {
    this.#makeRoom();
    let late = false;
    // A pending read can only be ended by closing the socket under it.
    const timer = setTimeout(() => {
      late = true;
      this.close();
    }, timeoutMs);
    try {
      const count = await this.#connection.read(this.#buf.subarray(this.#end));
      if (count === null) return false;
      this.#end += count;
      return true;
    } catch (error) {
      if (late) throw new ReplyTimeout(`Cannot read a reply: nothing came in ${timeoutMs} ms`);
      // A server that closes with bytes of ours unread resets the connection.
      if (error instanceof Deno.errors.ConnectionReset) return false;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #makeRoom(): void {
    if (this.#start > 0) {
      this.#buf.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    if (this.#buf.length - this.#end >= READ_BYTES / 2) return;
    const grown = new Uint8Array(2 * this.#buf.length);
    grown.set(this.#buf.subarray(0, this.#end));
    this.#buf = grown;
  }
}
