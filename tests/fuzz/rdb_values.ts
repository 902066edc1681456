/** Sound values for the fuzzer of dumps: those written by hand, and random ones that Keyrex has written. */
import { dumpPayload } from "../../src/persistence/rdb/payload.ts";
import { bytes } from "../unit/persistence/rdb/builder.ts";
import { headOf, SAMPLES } from "../unit/persistence/rdb/samples.ts";
import { EmbeddedServer } from "../support/embedded_server.ts";
import { latin1Text } from "../support/latin1.ts";
import { Random } from "../support/random.ts";
import { randomExpiringHash, randomValue } from "../support/random_values.ts";
import { encodeCommand } from "../support/resp_client.ts";

/** A value as it stands in a dump. */
export interface WrittenValue {
  readonly head: string;
  readonly type: number;
  readonly value: Uint8Array;
}

const RANDOM_VALUES = 150;
const FOOTER_BYTES = 10;
/** Bigger ones take the fuzzer too long. */
const MAX_BYTES = 4000;

/** All of them; the same each time. */
export function writtenValues(): WrittenValue[] {
  const samples = Object.values(SAMPLES).map((sample) => ({
    head: headOf(sample),
    type: sample.type,
    value: bytes(sample.value),
  }));
  return [...samples, ...randomValues()].filter(({ value }) => value.length < MAX_BYTES);
}

function randomValues(): WrittenValue[] {
  const random = new Random(1);
  const embedded = new EmbeddedServer();
  const client = embedded.connect();
  const db = embedded.server.keyspace.database(0);
  return Array.from({ length: RANDOM_VALUES }, () => {
    client.send("flushall");
    const commands = random.oneIn(8) ? randomExpiringHash(random, "k") : randomValue(random, "k");
    for (const command of commands) client.sendRaw(latin1Text(encodeCommand(command)));
    if (random.oneIn(3)) {
      client.send("xgroup create k g 0");
      client.send("xreadgroup group g alice count 3 streams k >");
    }
    const entry = db.peek(bytes("k"), 0, 1);
    const version = random.between(9, 12);
    const payload = dumpPayload(db, entry, version, random.oneIn(2));
    return {
      head: `REDIS${String(version).padStart(4, "0")}`,
      type: payload[0],
      value: payload.slice(1, payload.length - FOOTER_BYTES),
    };
  });
}
