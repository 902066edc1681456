/**
 * Snapshots under random commands: whatever happens between two slices, the file is the state at the
 * start.
 */
import { assert, assertEquals } from "@std/assert";
import { Snapshot } from "../../../../src/persistence/snapshot/mod.ts";
import { EmbeddedServer } from "../../../support/embedded_server.ts";
import { Random } from "../../../support/random.ts";
import { makeGiants, openDump, request, runRandomly, settle, SLOWLY, stir } from "./support.ts";

const SEEDS = 16;

Deno.test("A snapshot is the state at its start, whatever commands come between its slices", async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed);
    const server = new EmbeddedServer({ seed, settings: { ...SLOWLY, maxmemorySamples: 5 } });
    const client = server.connect();
    if (seed % 2 === 0) client.send(`debug populate ${random.between(1, 500)} filler`);
    if (seed % 8 === 0) makeGiants(client, random);
    runRandomly(server, random, 300);
    const observer = server.connect();
    const digest = observer.send("debug digest");
    assert(digest.startsWith("+"), digest);
    let failure: unknown = "not told";
    const snapshot = new Snapshot(server.server, "/snapshot", request(server), (told) => {
      failure = told;
    });
    let slices = 0;
    while (failure === "not told") {
      runRandomly(server, random, random.below(20));
      stir(server, random);
      server.clock.advance(1);
      await settle();
      slices++;
      assert(slices < 10_000, `seed ${seed}: the snapshot comes to no end`);
    }
    assertEquals(failure, null, `seed ${seed}`);
    const copy = openDump(server, "/snapshot");
    assertEquals(copy.send("debug digest"), digest, `seed ${seed}, after ${slices} slices`);
    assertEquals(snapshot.keys, snapshot.totalKeys, `seed ${seed}: keys`);
  }
});
