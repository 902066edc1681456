/** What the tests of snapshots share. */
import type { SnapshotOptions } from "../../../../src/persistence/snapshot/mod.ts";
import { NO_EXPIRY } from "../../../../src/keyspace/database.ts";
import { Encoding } from "../../../../src/keyspace/types/type.ts";
import { usageNoteOf } from "../../../../src/persistence/rdb/writer.ts";
import { writeAllSync } from "../../../../src/platform/mod.ts";
import { joinWords } from "../../../differential/command_notation.ts";
import { drawCommand } from "../../../differential/random/generator.ts";
import { type EmbeddedClient, EmbeddedServer } from "../../../support/embedded_server.ts";
import type { Random } from "../../../support/random.ts";

/** Settings under which every slice is one cell or one portion, and dumps hold all there is. */
export const SLOWLY = {
  rdbKeySaveDelay: 1,
  rdbVersion: 12,
  save: [],
  enableDebugCommand: "yes",
} as const;

/** A snapshot of everything, a cell at a time. */
export function request({ server }: EmbeddedServer): SnapshotOptions {
  return {
    version: 12,
    usage: usageNoteOf(server.settings.maxmemoryPolicy),
    compresses: true,
    sums: true,
    syncsOften: true,
    origin: { redisVersion: "7.4.0", nowMs: server.nowMs, usedBytes: 0, isAofBase: false },
    functions: [],
    keyDelayUs: () => 1,
  };
}

/** Runs random commands of all kinds; what they reply is another test's matter. */
export function runRandomly(server: EmbeddedServer, random: Random, count: number): void {
  const client = server.connect();
  for (let i = 0; i < count; i++) {
    const { args } = drawCommand(random);
    client.send(joinWords(args));
  }
  client.close();
}

/** Makes some big values of each type, under keys that random commands use. */
export function makeGiants(client: EmbeddedClient, random: Random): void {
  const words = (width: number, word: (i: number) => string) =>
    Array.from({ length: random.between(2100, 4000) * width }, (_, i) => word(i)).join(" ");
  const key = () => random.below(3);
  client.send(`sadd s${key()} ${words(1, (i) => `member-${i}`)}`);
  client.send(`hset h${key()} ${words(2, (i) => `field-${i}`)}`);
  client.send(`zadd z${key()} ${words(2, (i) => String(i))}`);
  client.send(`rpush l${key()} ${words(1, (i) => `${i}`.repeat(40))}`);
  const name = `x${key()}`;
  const entry = "f ".repeat(60);
  for (let i = 0; i < 800; i++) client.send(`xadd ${name} * ${entry}`);
  client.send(`setrange b${key()} ${(1 << 20) + random.below(1 << 20)} end`);
}

/** Does what commands do not: tables grow and shrink, keys are evicted, memory is moved together. */
export function stir({ server: { compactor, keyspace } }: EmbeddedServer, random: Random): void {
  const db = keyspace.database(random.below(3));
  switch (random.below(8)) {
    case 0: {
      const key = new Uint8Array(4);
      for (let i = random.below(300); i > 0; i--) {
        new DataView(key.buffer).setUint32(0, random.next());
        db.setString(key, 0, 4, key, 0, 4, Encoding.RAW, NO_EXPIRY);
      }
      break;
    }
    case 1:
      for (let i = random.below(300); i > 0; i--) {
        const entry = db.randomEntry();
        if (entry !== 0) db.evictEntry(entry);
      }
      break;
    case 2:
      compactor.begin();
      compactor.step(() => random.oneIn(2));
      break;
    case 3:
      if (random.oneIn(4)) compactor.runNow();
  }
}

/** Lets go on what waits for the simulated disk. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** A client of another server, into which a dump has been loaded. */
export function openDump(from: EmbeddedServer, path: string): EmbeddedClient {
  const server = new EmbeddedServer({ settings: SLOWLY });
  const file = server.platform.files.openSync("/dump.rdb", { write: true, create: true });
  writeAllSync(file, from.platform.files.readSync(path));
  server.server.persistence.loadAtStart(() => {});
  return server.connect();
}
