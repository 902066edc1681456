/**
 * Plays a sequence of several clients' commands on both servers, and finds the first reply, event or
 * datum that differs.
 *
 * Commands that follow each other on one connection are sent at once. Before another connection's
 * turn both servers must have done with them, which a PING on a connection of its own shows. Replies
 * are collected when they come, since whoever waits is answered by what others do, and are compared
 * at the end, connection by connection. Before that, those who still wait are released.
 */
import { decodeReply, encodeReply } from "../../../support/reply.ts";
import { latin1Bytes, latin1Text } from "../../../support/latin1.ts";
import { concatBytes, encodeCommand, type RespClient } from "../../../support/resp_client.ts";
import type { Pair } from "../../pair.ts";
import type { Protocol } from "../../reply_notation.ts";
import { sameOutcome, showOutcome } from "../../runner.ts";
import type { Outcome } from "../../stage.ts";
import { END, END_CHANNEL } from "../duel.ts";
import { asCase, type Command, inspection } from "../generator.ts";
import { isNewerEvent } from "../newer_events.ts";
import { CONNECTIONS, type Sent, waitsAMoment } from "./draw.ts";
import { Line } from "./line.ts";

/** Where the servers differ. */
export interface Discord {
  /** The command, or the look at the data, to which they say different things. */
  readonly command: Command;
  readonly outcomes: readonly Outcome[];
}

export interface PlayOptions {
  /** Sends one command at a time, and notes in {@link Ensemble.log} when each is answered. */
  readonly slowly?: boolean;
  /** How long a server may take for its last replies. */
  readonly patienceMs?: number;
}

/** All but those of keys that are missing: who has waited looks for all of its keys again since 7.2. */
const EVENTS = "KEAn";

/** So much is sent at once at most, a single command apart: no more than a server reads at once. */
const BURST_BYTES = 1_000;
const BURST_COMMANDS = 16;

/** In this time a wait for a moment is over. */
const MOMENT_MS = 4;
/** More than that is for ever. */
const MOMENTS_MAX = 50;
/** A server that is to answer, and can, does so in this time. */
const PATIENCE_MS = 2_000;

/** Those who wait are released so often, until they do no more. */
const ROUNDS_MAX = 300;

/** A connection to each server. */
type Lines = readonly Line[];

export class Ensemble implements Disposable {
  /** The sequence as cases for a table, when it was played slowly. */
  readonly log: string[] = [];
  readonly #lines: ReadonlyMap<string, Lines>;
  readonly #controls: readonly RespClient[];
  readonly #listeners: readonly RespClient[];
  /** What has been sent on each connection. */
  readonly #sent = new Map<string, Sent[]>();
  /**
   * Connections that have been behind, if only for a moment. What is sent there next may be received
   * in two parts, since a buffer holds what was sent meanwhile; so it has to be a single command.
   */
  readonly #held = new Set<string>();
  #patienceMs = PATIENCE_MS;
  /** Whether the server under test owes a reply that the judge has given. */
  #isSilent = false;
  /** For each connection, how many replies the log has told of. */
  readonly #told = new Map<string, number>();

  private constructor(
    lines: ReadonlyMap<string, Lines>,
    controls: readonly RespClient[],
    listeners: readonly RespClient[],
  ) {
    this.#lines = lines;
    this.#controls = controls;
    this.#listeners = listeners;
    for (const name of lines.keys()) {
      this.#sent.set(name, []);
      this.#told.set(name, 0);
    }
  }

  /** Connects, empties, and chooses the protocol. Starts a server under test that has ended. */
  static async begin(pair: Pair, protocol: Protocol): Promise<Ensemble> {
    await pair.revive();
    const connect = () => Promise.all(pair.servers.map((server) => server.connect()));
    const controls = await connect();
    const listeners = await connect();
    await Promise.all(controls.map(async (control) => {
      await control.command("FLUSHALL");
      await control.command("CONFIG", "SET", "notify-keyspace-events", EVENTS);
    }));
    for (const listener of listeners) await listener.command("PSUBSCRIBE", "__key*");
    const lines = new Map<string, Lines>();
    for (const name of CONNECTIONS) {
      lines.set(name, await Promise.all(pair.servers.map((server) => Line.open(server, protocol))));
    }
    return new Ensemble(lines, controls, listeners);
  }

  /** Plays the sequence once; null when the servers agree. An ensemble plays no second one. */
  async play(sequence: readonly Sent[], options: PlayOptions = {}): Promise<Discord | null> {
    const { slowly = false, patienceMs = PATIENCE_MS } = options;
    this.#patienceMs = patienceMs;
    for (let at = 0; at < sequence.length && !this.#isSilent;) {
      const { connection } = sequence[at];
      const wasHeld = this.#held.has(connection);
      const burst = burstAt(sequence, at, slowly || wasHeld ? 1 : BURST_COMMANDS);
      at += burst.length;
      const bytes = await this.#send(burst);
      await this.#settle(slowly || wasHeld || bytes > BURST_BYTES);
      const isHeld = !this.#isAnswered(connection) || burst.some(waitsAMoment);
      if (isHeld) this.#held.add(connection);
      else this.#held.delete(connection);
      if (slowly) this.#tell(asCase(burst[0]), connection);
    }
    const discord = await this.#firstDiscord(slowly, patienceMs);
    return discord === null || this.#hasServedNothing() ? null : discord;
  }

  async #firstDiscord(slowly: boolean, patienceMs: number): Promise<Discord | null> {
    if (this.#isSilent) return await this.#compareReplies(0);
    return await this.#release(slowly) ?? await this.#compareReplies(patienceMs) ??
      await this.#compareData() ?? await this.#compareEvents();
  }

  /** Sends commands of one connection; returns how many bytes that are. */
  async #send(burst: readonly Sent[]): Promise<number> {
    const { connection } = burst[0];
    this.#sent.get(connection)!.push(...burst);
    const sizes = await Promise.all(
      this.#lines.get(connection)!.map(async (line, i) => {
        const bytes = this.#encoded(burst, i);
        await line.send(bytes);
        return bytes.length;
      }),
    );
    return Math.max(...sizes);
  }

  /** Whether the judge has answered all that was sent on a connection. */
  #isAnswered(connection: string): boolean {
    const [judge] = this.#lines.get(connection)!;
    return judge.replies.length >= this.#sent.get(connection)!.length;
  }

  /**
   * Whether the judge has ended a wait of XREAD with a stream that had no new entry left. Redis has
   * not done so since 7.2, and what comes after it is no matter.
   */
  #hasServedNothing(): boolean {
    for (const [name, [judge]] of this.#lines) {
      const sent = this.#sent.get(name)!;
      for (let i = 0; i < judge.replies.length; i++) {
        if (sent[i].args.includes("BLOCK") && latin1Text(judge.replies[i]).endsWith("*0\r\n")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The commands for one of the servers, whose ids of clients are its own. */
  #encoded(burst: readonly Sent[], server: number): Uint8Array {
    return concatBytes(
      burst.map(({ args }) =>
        encodeCommand(args.map((arg) => {
          const match = /^\{([a-z])\.id\}$/.exec(arg);
          return latin1Bytes(match === null ? arg : this.#lines.get(match[1])![server].id);
        }))
      ),
    );
  }

  // -------------------------------------------------------------- letting the servers come to rest

  async #settle(thoroughly: boolean): Promise<void> {
    await this.#ping();
    if (thoroughly || this.#momentsAhead()) await this.#settleThoroughly();
    // The judge has come to rest; the other must come as far.
    for (const [judge, other] of this.#lines.values()) {
      if (!await other.reaches(judge.replies.length, this.#patienceMs)) this.#isSilent = true;
    }
  }

  async #settleThoroughly(): Promise<void> {
    // What is told of one client may be sent after what is told of another, and what is long takes
    // several turns to be received; not so two turns later.
    await this.#ping();
    await this.#ping();
    for (let tries = 0; tries < MOMENTS_MAX && this.#someWaitAMoment(); tries++) {
      await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
      await this.#ping();
      await this.#ping();
    }
  }

  async #ping(): Promise<void> {
    await Promise.all(this.#controls.map((control) => control.command("PING")));
  }

  /** Whether some client is to wait for a moment, sooner or later. */
  #momentsAhead(): boolean {
    for (const [name, [judge]] of this.#lines) {
      const sent = this.#sent.get(name)!;
      for (let i = judge.replies.length; i < sent.length; i++) {
        if (waitsAMoment(sent[i])) return true;
      }
    }
    return false;
  }

  /** Whether some client waits for a moment just now. */
  #someWaitAMoment(): boolean {
    for (const [name, [judge]] of this.#lines) {
      const next = this.#sent.get(name)![judge.replies.length];
      if (next !== undefined && !judge.hasEnded && waitsAMoment(next)) return true;
    }
    return false;
  }

  /** Ends all waits, again and again, since what was held back may wait as well. */
  async #release(slowly: boolean): Promise<Discord | null> {
    for (let released = true, round = 0; released && round < ROUNDS_MAX; round++) {
      if (this.#isSilent) return await this.#compareReplies(0);
      released = false;
      for (const [name, lines] of this.#lines) {
        if (this.#isAnswered(name)) continue;
        const outcomes = await Promise.all(lines.map(async ({ id }, i) => {
          await this.#controls[i].send("CLIENT", "UNBLOCK", id);
          return await this.#controls[i].readReplyBytes() ?? "closed" as const;
        }));
        const command = { args: ["CLIENT", "UNBLOCK", `{${name}.id}`], normaliser: null };
        await this.#settle(true);
        if (slowly) this.#tell(asCase({ ...command, connection: "z" }), "z");
        if (!sameOutcome(outcomes[0], outcomes[1], null)) {
          // What has gone before says more, if there is a difference already.
          return await this.#compareReplies(0) ?? { command, outcomes };
        }
        if (showOutcome(outcomes[0]) === ":1") released = true;
      }
    }
    return null;
  }

  /** Adds a line to the log, and one for each reply that it has brought. */
  #tell(shown: string, connection: string): void {
    const news: string[] = [];
    let isAnswered = connection === "z";
    for (const [name, [judge]] of this.#lines) {
      const told = this.#told.get(name)!;
      const count = judge.replies.length;
      const isOwn = name === connection && count > told && count === this.#sent.get(name)!.length;
      if (isOwn) isAnswered = true;
      for (let i = told; i < count - (isOwn ? 1 : 0); i++) news.push(`"read ${name}>",`);
      this.#told.set(name, count);
    }
    this.log.push(isAnswered ? shown : shown.replace(/"/, '"send '), ...news);
  }

  // -------------------------------------------------------------- comparing

  async #compareReplies(patienceMs: number): Promise<Discord | null> {
    for (const [name, lines] of this.#lines) {
      const sent = this.#sent.get(name)!;
      await Promise.all(lines.map((line) => line.reaches(sent.length, patienceMs)));
      /** What has been queued since MULTI: the replies come in that of EXEC. */
      let queued: Sent[] = [];
      for (let i = 0; i < sent.length; i++) {
        const outcomes = lines.map(({ replies, hasEnded }): Outcome =>
          replies[i] ?? (hasEnded ? "closed" : "silent")
        );
        const isSame = /^exec$/i.test(sent[i].args[0])
          ? sameReplies(outcomes, queued)
          : sameOutcome(outcomes[0], outcomes[1], sent[i].normaliser);
        if (!isSame || outcomes[0] === "silent") return { command: sent[i], outcomes };
        const [outcome] = outcomes;
        if (outcome instanceof Uint8Array && latin1Text(outcome) === "+QUEUED\r\n") {
          queued.push(sent[i]);
        } else if (/^(exec|discard)$/i.test(sent[i].args[0])) {
          queued = [];
        }
      }
    }
    return null;
  }

  async #compareData(): Promise<Discord | null> {
    const looks = [...inspection, END];
    const bytes = concatBytes(looks.map(({ args }) => encodeCommand(args.map(latin1Bytes))));
    const sending = Promise.all(this.#controls.map((control) => control.sendBytes(bytes)));
    let discord: Discord | null = null;
    for (const command of looks) {
      const outcomes: Outcome[] = [];
      for (const control of this.#controls) {
        outcomes.push(await control.readReplyBytes() ?? "closed");
      }
      if (sameOutcome(outcomes[0], outcomes[1], command.normaliser)) {
        if (outcomes[0] !== "closed") continue;
      }
      discord ??= { command, outcomes };
    }
    await sending;
    return discord;
  }

  async #compareEvents(): Promise<Discord | null> {
    const command: Command = { args: ["(an event)"], normaliser: null };
    for (;;) {
      const outcomes: Outcome[] = [];
      for (const listener of this.#listeners) outcomes.push(await nextEvent(listener));
      if (!sameOutcome(outcomes[0], outcomes[1], null)) return { command, outcomes };
      if (typeof outcomes[0] === "string") return { command, outcomes };
      if (latin1Text(outcomes[0]).includes(END_CHANNEL)) {
        return null;
      }
    }
  }

  [Symbol.dispose](): void {
    for (const lines of this.#lines.values()) for (const line of lines) line[Symbol.dispose]();
    for (const client of [...this.#controls, ...this.#listeners]) client.close();
  }
}

/** The next event that both servers send. */
async function nextEvent(listener: RespClient): Promise<Outcome> {
  for (;;) {
    const event = await listener.readReplyBytes() ?? "closed";
    if (typeof event === "string" || !isNewerEvent(event)) return event;
  }
}

/** What is sent at once: commands from `at` on that follow each other on one connection, up to so many. */
function burstAt(sequence: readonly Sent[], at: number, most: number): readonly Sent[] {
  const { connection } = sequence[at];
  let end = at;
  let bytes = 0;
  while (end < sequence.length && end - at < most && sequence[end].connection === connection) {
    bytes += sequence[end].args.reduce((sum, arg) => sum + arg.length + 10, 0);
    if (bytes > BURST_BYTES && end > at) break;
    end++;
  }
  return sequence.slice(at, end);
}

/** Whether two replies of EXEC are the same, each reply in them but for what its command allows. */
function sameReplies(outcomes: readonly Outcome[], commands: readonly Sent[]): boolean {
  if (sameOutcome(outcomes[0], outcomes[1], null)) return true;
  const [left, right] = outcomes.map((outcome) =>
    typeof outcome === "string" ? null : decodeReply(outcome)
  );
  if (left === null || right === null || !("items" in left) || !("items" in right)) return false;
  if (left.items.length !== right.items.length || left.items.length !== commands.length) {
    return false;
  }
  return left.items.every((item, i) =>
    sameOutcome(encodeReply(item), encodeReply(right.items[i]), commands[i].normaliser)
  );
}
