import { assertEquals, assertNotEquals } from "@std/assert";
import { Digest } from "../../../src/keyspace/digest.ts";
import { latin1 } from "../../../src/memory/bytes.ts";

function digestOf(build: (digest: Digest) => void): string {
  const digest = new Digest();
  build(digest);
  return digest.toString();
}

const one = latin1("one");
const two = latin1("_two_");

Deno.test("The digest of nothing is zeros", () => {
  const digest = new Digest();
  assertEquals(digest.toString(), "0".repeat(40));
  digest.mixNumber(7);
  digest.reset();
  assertEquals(digest.toString(), "0".repeat(40));
});

Deno.test("What is added may come in any order, what is mixed may not", () => {
  const added = digestOf((digest) => {
    digest.add(one, 0, 3);
    digest.add(two, 1, 4);
  });
  const addedInTurn = digestOf((digest) => {
    digest.add(two, 1, 4);
    digest.add(one, 0, 3);
  });
  assertEquals(added, addedInTurn);
  const mixed = digestOf((digest) => {
    digest.mix(one, 0, 3);
    digest.mix(two, 1, 4);
  });
  const mixedInTurn = digestOf((digest) => {
    digest.mix(two, 1, 4);
    digest.mix(one, 0, 3);
  });
  assertNotEquals(mixed, mixedInTurn);
});

Deno.test("Adding bytes to nothing gives their SHA-1", () => {
  const digest = digestOf((digest) => digest.add(latin1("abc"), 0, 3));
  assertEquals(digest, "a9993e364706816aba3e25717850c26c9cd0d89d");
});

Deno.test("A dataset's digest is that of redis-server 7.0.15", () => {
  // SET k v, and EXPIRE k 1000, in database 0.
  const key = new Digest();
  key.mix(latin1("k"), 0, 1);
  key.mixNumber(0);
  key.mix(latin1("v"), 0, 1);
  const dataset = new Digest();
  dataset.mixNumber(0);
  dataset.addDigest(key);
  assertEquals(dataset.toString(), "264ccf65edec66bccfa7cc659414ccca432057d2");
  key.addExpiry();
  dataset.reset();
  dataset.mixNumber(0);
  dataset.addDigest(key);
  assertEquals(dataset.toString(), "bf83f210388eea94f06fb90d517490e16a08d7dd");
});
