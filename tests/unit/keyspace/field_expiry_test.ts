import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";
import { freshSeed, Random } from "../../support/random.ts";
import { type Condition, HashModel, type ModelReply } from "./hash_model.ts";

/** A server and a model beside it, which get the same commands. */
class Scene {
  readonly server = new EmbeddedServer();
  readonly client = this.server.connect();
  readonly model = new HashModel();

  constructor(readonly maxEntries: number, readonly isActive: boolean) {
    this.client.send(`config set hash-max-listpack-entries ${maxEntries}`);
    this.server.server.expiry.enabled = isActive;
    this.model.nowMs = this.server.server.keyspace.nowMs;
  }

  advance(ms: number): void {
    this.server.clock.advance(ms);
    this.client.send("ping");
    this.model.nowMs = this.server.server.keyspace.nowMs;
    if (this.isActive) this.model.expire();
  }

  send(command: string): ModelReply {
    const lines = this.client.send(command).split("\r\n");
    const read = (): ModelReply => {
      const line = lines.shift()!;
      const rest = line.slice(1);
      if (line[0] === ":") return Number(rest);
      if (line[0] === "$") return rest === "-1" ? null : lines.shift()!;
      if (line[0] === "*") return Array.from({ length: Number(rest) }, read);
      return line[0] === "-" ? "error" : rest;
    };
    return read();
  }
}

function pairUp(flat: ModelReply): [string, string][] {
  const texts = flat as string[];
  return Array.from(
    { length: texts.length / 2 },
    (_, i): [string, string] => [texts[2 * i], texts[2 * i + 1]],
  ).sort();
}

const CONDITIONS: Condition[] = ["", "", "", "NX", "XX", "GT", "LT"];

/** One random command, sent to both. */
function step({ model, send, maxEntries }: Bound, random: Random): void {
  const key = `key${random.below(4)}`;
  const name = () => `f${random.below(maxEntries === 5 ? 9 : 25)}`;
  const value = () =>
    random.oneIn(3) ? `${random.below(1000)}` : "v".repeat(random.below(random.oneIn(20) ? 90 : 9));
  const names = Array.from({ length: 1 + random.below(4) }, name);
  const pairs = names.map((name): [string, string] => [name, value() || "x"]);
  const fields = `FIELDS ${names.length} ${names.join(" ")}`;
  const flat = pairs.flat().join(" ");
  const dueMs = random.oneIn(12) ? model.nowMs - random.below(5) : model.nowMs + random.below(60);
  const check = (command: string, expected: ModelReply) =>
    assertEquals(send(command), expected, command);
  switch (random.below(20)) {
    case 0:
      return check(`HSET ${key} ${flat}`, model.hset(key, pairs));
    case 1:
      return check(`HSETNX ${key} ${names[0]} x`, model.hsetnx(key, names[0], "x"));
    case 2:
      return check(`HMGET ${key} ${names.join(" ")}`, model.hmget(key, names));
    case 3:
      return check(`HGET ${key} ${names[0]}`, model.hmget(key, [names[0]])[0]);
    case 4:
      return check(`HINCRBY ${key} ${names[0]} 7`, model.hincrby(key, names[0], 7));
    case 5:
      return check(`HGETDEL ${key} ${fields}`, model.hgetdel(key, names));
    case 6:
      return check(`HDEL ${key} ${names.join(" ")}`, model.hdel(key, names));
    case 7:
      return check(`HPERSIST ${key} ${fields}`, model.hpersist(key, names));
    case 8:
      return check(`HPEXPIRETIME ${key} ${fields}`, model.hpexpiretime(key, names));
    case 9:
      return check(`HLEN ${key}`, model.hlen(key));
    case 10:
      return assertEquals(pairUp(send(`HGETALL ${key}`)), model.hgetall(key));
    case 11:
      return assertEquals(
        pairUp((send(`HSCAN ${key} 0 COUNT 1000`) as ModelReply[])[1]),
        model.hgetall(key),
      );
    case 12:
      return assertEquals((send(`HRANDFIELD ${key} 100`) as string[]).sort(), model.draw(key));
    case 13: {
      const to = `key${random.below(4)}`;
      if (to === key) return;
      return check(`COPY ${key} ${to} REPLACE`, model.copy(key, to));
    }
    case 14: {
      const unit = random.pick(["", `PXAT ${dueMs} `, "PERSIST "]);
      const due = unit === "" ? undefined : unit === "PERSIST " ? Infinity : dueMs;
      return check(`HGETEX ${key} ${unit}${fields}`, model.hgetex(key, names, due));
    }
    case 15: {
      const condition = random.pick(["", "", "FNX", "FXX"] as const);
      const unit = random.pick(["", `PXAT ${dueMs}`, "KEEPTTL"]);
      return check(
        `HSETEX ${key} ${condition} ${unit} FIELDS ${names.length} ${flat}`.replace(/ +/g, " "),
        model.hsetex(key, pairs, condition, unit === "KEEPTTL", unit[0] === "P" ? dueMs : Infinity),
      );
    }
    default: {
      const condition = random.pick(CONDITIONS);
      return check(
        `HPEXPIREAT ${key} ${dueMs} ${condition} ${fields}`.replace(/ +/g, " "),
        model.hexpire(key, names, dueMs, condition),
      );
    }
  }
}

interface Bound {
  readonly model: HashModel;
  readonly send: (command: string) => ModelReply;
  readonly maxEntries: number;
}

for (
  const [form, maxEntries] of [
    ["listpacks", 512],
    ["listpacks that become dicts", 5],
    ["dicts", 0],
  ] as const
) {
  for (const isActive of [true, false]) {
    const how = isActive ? "go by themselves" : "are only hidden";
    Deno.test(`Fields of ${form} expire as in a model, when those that are due ${how}`, () => {
      const seed = freshSeed();
      const random = new Random(seed);
      const scene = new Scene(maxEntries, isActive);
      const { model, server: { server } } = scene;
      const bound = { model, send: (line: string) => scene.send(line), maxEntries };
      const { keyspace } = server;
      try {
        for (let i = 0; i < 8000; i++) {
          if (random.oneIn(4)) scene.advance(random.below(12));
          if (random.oneIn(500)) server.compactor.runNow();
          if (random.oneIn(40)) scene.send(`PEXPIRE key${random.below(4)} 1000000000`);
          if (random.oneIn(40)) scene.send(`PERSIST key${random.below(4)}`);
          step(bound, random);
          assertEquals(keyspace.database(0).fields.size, model.subexpiry);
          if (i % 100 !== 0) continue;
          for (const key of model.keys.keys()) {
            assertEquals(pairUp(scene.send(`HGETALL ${key}`)), model.hgetall(key));
          }
          assertEquals(scene.send("DBSIZE"), model.keys.size);
        }
        scene.send("FLUSHALL SYNC");
        keyspace.slabs.check();
        assertEquals([keyspace.slabs.usedBytes, keyspace.objects.size], [0, 0]);
      } catch (failure) {
        console.log(`seed ${seed}`);
        throw failure;
      }
    });
  }
}
