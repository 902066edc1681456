/** A connection whose replies are collected as they come: a client that waits says nothing for long. */
import type { ServerProcess } from "../../../support/processes.ts";
import type { RespClient } from "../../../support/resp_client.ts";
import type { Protocol } from "../../reply_notation.ts";
import { isDisconnection } from "../../stage.ts";

/** Nobody waits so long for anything; a line ends earlier by being closed. */
const FOR_EVER_MS = 2 ** 31 - 1;

export class Line implements Disposable {
  /** What has come so far. */
  readonly replies: Uint8Array[] = [];
  /** True when the server has closed the connection. */
  hasEnded = false;
  readonly #client: RespClient;
  #wanted = 0;
  #wake: (() => void) | null = null;

  private constructor(client: RespClient, readonly id: string) {
    this.#client = client;
    void this.#listen();
  }

  static async open(server: ServerProcess, protocol: Protocol): Promise<Line> {
    const client = await server.connect();
    if (protocol === 3) await client.command("HELLO", 3);
    return new Line(client, String(await client.command("CLIENT", "ID")));
  }

  async send(bytes: Uint8Array): Promise<void> {
    try {
      await this.#client.sendBytes(bytes);
    } catch (error) {
      if (!isDisconnection(error)) throw error;
    }
  }

  /** Waits until so many replies have come; false when they have not within `timeoutMs`. */
  async reaches(count: number, timeoutMs: number): Promise<boolean> {
    if (this.replies.length >= count || this.hasEnded) return this.replies.length >= count;
    this.#wanted = count;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    this.#wake = null;
    return this.replies.length >= count;
  }

  async #listen(): Promise<void> {
    try {
      for (;;) {
        const reply = await this.#client.readReplyBytes(FOR_EVER_MS);
        if (reply === null) break;
        this.replies.push(reply);
        if (this.replies.length >= this.#wanted) this.#wake?.();
      }
    } catch (error) {
      // A read is interrupted when the line is closed from here.
      if (!isDisconnection(error) && !(error instanceof Deno.errors.Interrupted)) throw error;
    }
    this.hasEnded = true;
    this.#wake?.();
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
