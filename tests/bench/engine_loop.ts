/** The loop around the engine alone: requests in, replies thrown away, processor time taken. */
import process from "node:process";
import type { Acceptor, Connection, Peer } from "../../src/server/connection.ts";
import { Random } from "../support/random.ts";
import { makeRequests, randomIndexes, type Requests, shuffledIndexes } from "./engine_requests.ts";

export interface EngineRequest {
  /** Distinct keys, of 16 bytes. */
  keys: number;
  valueBytes: number;
  /** Commands in a turn of the loop, arriving together. */
  pipeline: number;
  /** Commands in a repetition. */
  commands: number;
  repetitions: number;
}

/** Processor times in µs per command, of all threads, user and system. */
export interface EngineFigures {
  /** SET of a key that is new. */
  insertUs: number;
  /** SET and GET of a key that exists, of each repetition. */
  setUs: number[];
  getUs: number[];
  /** The longest time of any turn, in ms. */
  longestTurnMs: number;
  /** Everything that was answered: a checksum of the work. */
  replyBytes: number;
}

const SEED = 20260101;

/** A client's end of a connection that takes what it is sent and forgets it. */
class Sink implements Connection {
  readonly address = "127.0.0.1:1";
  readonly localAddress = "127.0.0.1:6379";
  readonly fd = -1;
  readonly isUnix = false;
  readonly isLocal = true;
  readonly receiveBufferBytes = 0;
  readonly receivedBytes = 0;
  peer: Peer | null = null;
  bytes = 0;

  flush(): void {
    if (this.peer === null) return;
    const { output } = this.peer;
    this.bytes += output.pendingBytes;
    output.sent(output.pendingBytes);
    this.peer.drained();
  }

  closeAfterFlush(): void {
    throw new Error("The server closed the connection");
  }

  close(): void {
    throw new Error("The server closed the connection");
  }

  resume(): void {}
}

/** Measures a server that has no keys yet. */
export function measureEngine(server: Acceptor, request: EngineRequest): EngineFigures {
  const { keys, valueBytes, pipeline, commands, repetitions } = request;
  const random = new Random(SEED);
  const sink = new Sink();
  const peer = server.accept(sink);
  if (peer === null) throw new Error("The server refused the connection");
  sink.peer = peer;

  // As a transport does it: the bytes come into a buffer that is used again and again.
  const buffer = new Uint8Array(64 * 1024);
  let longestTurnMs = 0;

  /** Runs requests, `pipeline` of them in a turn; returns the processor time of one in µs. */
  function run({ bytes, size, count }: Requests): number {
    const before = process.cpuUsage();
    for (let done = 0; done < count; done += pipeline) {
      const started = performance.now();
      const start = done * size;
      const end = Math.min(count, done + pipeline) * size;
      buffer.set(bytes.subarray(start, end));
      const consumed = peer!.receive(buffer, 0, end - start);
      if (consumed !== end - start) throw new Error("The server left requests unread");
      server.endTurn();
      longestTurnMs = Math.max(longestTurnMs, performance.now() - started);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  }

  function draw(): Uint32Array {
    return randomIndexes(commands, keys, random);
  }

  const insertUs = run(makeRequests("SET", shuffledIndexes(keys, random), valueBytes));
  const setUs: number[] = [];
  const getUs: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    setUs.push(run(makeRequests("SET", draw(), valueBytes)));
    getUs.push(run(makeRequests("GET", draw(), valueBytes)));
  }
  return { insertUs, setUs, getUs, longestTurnMs, replyBytes: sink.bytes };
}
