/** The clients that are connected. */
import { ClientFlag } from "../commands/context.ts";
import type { Client } from "./client.ts";

export class Clients {
  readonly #byId = new Map<number, Client>();
  #nextId = 1;

  get size(): number {
    return this.#byId.size;
  }

  /** The number for the next client; they are never used again. */
  takeId(): number {
    return this.#nextId++;
  }

  add(client: Client): void {
    this.#byId.set(client.id, client);
  }

  remove(client: Client): void {
    this.#byId.delete(client.id);
  }

  get(id: number): Client | null {
    return this.#byId.get(id) ?? null;
  }

  /** In the order in which they connected. Clients may be removed while this goes on. */
  [Symbol.iterator](): IterableIterator<Client> {
    return this.#byId.values();
  }

  /** The client after the one with this id, for walks in slices; wraps around; null without clients. */
  memoryBytes(): number {
    let bytes = 0;
    for (const client of this) bytes += client.memoryBytes;
    return bytes;
  }
}

/** A client as one line of CLIENT LIST (without the line feed). */
export function describeClient(client: Client, nowMs: number): string {
  const { flags } = client;
  let letters = "";
  if (flags & ClientFlag.MONITOR) letters += "O";
  if (flags & ClientFlag.PAUSED) letters += "b";
  if (flags & ClientFlag.CLOSE_AFTER_REPLY) letters += "c";
  if (flags & ClientFlag.CLOSE_ASAP) letters += "A";
  if (client.isUnix) letters += "U";
  if (flags & ClientFlag.NO_EVICT) letters += "e";
  if (flags & ClientFlag.NO_TOUCH) letters += "T";
  const fields = {
    id: client.id,
    addr: client.address,
    laddr: client.localAddress,
    fd: client.fd,
    name: client.name,
    age: Math.floor((nowMs - client.createdMs) / 1000),
    idle: Math.floor((nowMs - client.lastInteractionMs) / 1000),
    flags: letters === "" ? "N" : letters,
    db: client.db.index,
    sub: 0,
    psub: 0,
    ssub: 0,
    multi: -1,
    qbuf: client.queryBufferUsed,
    "qbuf-free": Math.max(0, client.queryBufferSize - client.queryBufferUsed),
    "argv-mem": 0,
    "multi-mem": 0,
    rbs: client.reply.memoryBytes,
    rbp: client.reply.memoryBytes,
    obl: client.reply.pendingBytes,
    oll: 0,
    omem: 0,
    "tot-mem": client.memoryBytes,
    events: "r",
    cmd: client.lastCommand?.fullName ?? "NULL",
    user: client.user,
    redir: -1,
    resp: client.reply.proto,
    "lib-name": client.libName,
    "lib-ver": client.libVersion,
  };
  return Object.entries(fields).map(([name, value]) => `${name}=${value}`).join(" ");
}
