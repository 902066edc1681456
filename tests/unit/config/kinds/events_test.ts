import { assertEquals, assertThrows } from "@std/assert";
import { RefusedValue } from "../../../../src/config/errors.ts";
import { eventClasses } from "../../../../src/config/kinds/events.ts";
import { EventClass } from "../../../../src/keyspace/events.ts";

Deno.test("Event classes are bits", () => {
  const { KEYSPACE, KEYEVENT, EXPIRED } = EventClass;
  assertEquals(eventClasses.parse(["xKE"]), KEYSPACE | KEYEVENT | EXPIRED);
  assertEquals(eventClasses.parse([""]), 0);
  assertThrows(() => eventClasses.parse(["q"]), RefusedValue, "Use 'Ag$lshzxeKEtmdn'");
});

Deno.test("Event classes are shown in a fixed order, with A for all common ones", () => {
  const shown = (letters: string) => eventClasses.format(eventClasses.parse([letters]));
  assertEquals(shown("KEA"), "AKE");
  assertEquals(shown("dtexzhsl$g"), "A");
  assertEquals(shown("Kxg"), "gxK");
  assertEquals(shown("mnK"), "nKm");
});

Deno.test("Every set of event classes is read back as it is written", () => {
  for (let bits = 0; bits < 1 << 14; bits++) {
    const [{ text }] = eventClasses.lines(bits, 0);
    assertEquals(eventClasses.parse([text.slice(1, -1)]), bits);
  }
});
