import { assertEquals, assertThrows } from "@std/assert";
import { RefusedValue } from "../../../../src/config/errors.ts";
import {
  bindAddresses,
  bufferLimits,
  oomScores,
  percentiles,
  primaryAddress,
  savePoints,
} from "../../../../src/config/kinds/lists.ts";

Deno.test("Conditions of save are pairs, and lines add up until an empty one", () => {
  const first = savePoints.parse(["900", "1", "300", "10"]);
  assertEquals(first, [{ seconds: 900, changes: 1 }, { seconds: 300, changes: 10 }]);
  assertEquals(savePoints.format(savePoints.append!(["5", "5"], first)), "900 1 300 10 5 5");
  assertEquals(savePoints.append!([""], first), []);
  assertEquals(savePoints.parse([]), []);
  for (const words of [["1"], ["0", "1"], ["1", "-1"], ["a", "1"], ["1", "1", "1"]]) {
    assertThrows(() => savePoints.parse(words), RefusedValue, "Invalid save parameters");
  }
});

Deno.test("Conditions of save are written a line each, and always", () => {
  const points = savePoints.parse(["900", "1", "300", "10"]);
  assertEquals(savePoints.lines(points, points).map(({ text }) => text), ["900 1", "300 10"]);
  assertEquals(savePoints.lines([], []), [{ text: '""', needed: true }]);
});

Deno.test("Addresses to bind are up to 16, and the default is left out of the file", () => {
  const initial = bindAddresses.parse(["*", "-::*"]);
  assertEquals(bindAddresses.lines(initial, initial), []);
  assertEquals(bindAddresses.lines(["127.0.0.1", "-::1"], initial), [
    { text: "127.0.0.1 -::1", needed: true },
  ]);
  assertEquals(bindAddresses.parse([""]), []);
  assertEquals(bindAddresses.lines([], initial), [{ text: '""', needed: true }]);
  assertThrows(
    () => bindAddresses.parse(Array(17).fill("::")),
    RefusedValue,
    "Too many bind addresses specified.",
  );
});

Deno.test("Buffer limits that are not named stay as they are", () => {
  const initial = bufferLimits.parse(["replica", "256mb", "64mb", "60"]);
  const changed = bufferLimits.parse(
    ["PUBSUB", "1kb", "1k", "9", "normal", "1", "2", "3"],
    initial,
  );
  assertEquals(changed.pubsub, { hard: 1024, soft: 1000, seconds: 9 });
  assertEquals(
    bufferLimits.format(changed),
    "normal 1 2 3 slave 268435456 67108864 60 pubsub 1024 1000 9",
  );
  assertEquals(initial.pubsub, { hard: 0, soft: 0, seconds: 0 });
  assertEquals(bufferLimits.lines(changed, initial), [
    { text: "normal 1 2 3", needed: true },
    { text: "replica 256mb 64mb 60", needed: false },
    { text: "pubsub 1kb 1000 9", needed: true },
  ]);
});

Deno.test("Buffer limits are refused in Redis's words", () => {
  assertThrows(() => bufferLimits.parse(["normal"]), RefusedValue, "Wrong number of arguments");
  assertThrows(
    () => bufferLimits.parse(["x", "1", "1", "1"]),
    RefusedValue,
    "Invalid client class",
  );
  for (const words of [["-1", "1", "1"], ["1", "x", "1"], ["1", "1", "-1"], ["1", "1", "1s"]]) {
    assertThrows(() => bufferLimits.parse(["normal", ...words]), RefusedValue, "Error in hard");
  }
});

Deno.test("Scores for the out-of-memory killer are three", () => {
  assertEquals(oomScores.parse(["-2000", "0", "2000"]), [-2000, 0, 2000]);
  assertThrows(() => oomScores.parse(["1", "2"]), RefusedValue, "wrong number of arguments");
  assertThrows(() => oomScores.parse(["1", "2", "2001"]), RefusedValue, "between -2000 and 2000");
});

Deno.test("Percentiles have up to six decimals", () => {
  const values = percentiles.parse(["50", "99.90", "1e1", ".5", "33.33333333"]);
  assertEquals(percentiles.format(values), "50 99.9 10 0.5 33.333333");
  assertEquals(percentiles.parse([""]), []);
  assertEquals(percentiles.lines([], []), [{ text: '""', needed: true }]);
  for (const word of ["x", "nan", "", " 1"]) {
    assertThrows(() => percentiles.parse([word, "1"]), RefusedValue, "Invalid latency-tracking");
  }
  for (const word of ["-1", "100.1", "inf"]) {
    assertThrows(() => percentiles.parse([word]), RefusedValue, "between [0.0,100.0]");
  }
});

Deno.test("The address of a primary is host and port, or none", () => {
  assertEquals(primaryAddress.parse(["db", "6379"]), { host: "db", port: 6379 });
  assertEquals(primaryAddress.parse(["NO", "one"]), null);
  assertEquals(primaryAddress.lines(null, null), []);
  assertThrows(() => primaryAddress.parse(["db"]), RefusedValue, "wrong number of arguments");
  assertThrows(() => primaryAddress.parse(["db", "65536"]), RefusedValue, "Invalid master port");
});
