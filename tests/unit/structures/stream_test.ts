import { assert, assertEquals } from "@std/assert";
import { latin1, latin1Text } from "../../../src/memory/bytes.ts";
import { Slabs } from "../../../src/memory/slab.ts";
import { Args } from "../../../src/resp/args.ts";
import { Element } from "../../../src/structures/listpack.ts";
import { Stream, type TrimRule } from "../../../src/structures/stream.ts";
import {
  compareIds,
  MissingSeq,
  parseId,
  StreamId,
  writeId,
} from "../../../src/structures/stream_id.ts";
import { StreamReader } from "../../../src/structures/stream_reader.ts";
import { Random } from "../../support/random.ts";

const LIMITS = { streamNodeMaxBytes: 200, streamNodeMaxEntries: 7 };

function idOf(text: string): StreamId {
  const id = new StreamId();
  const bytes = latin1(text);
  assert(parseId(bytes, 0, bytes.length, MissingSeq.ZERO, id), text);
  return id;
}

function textOf(id: StreamId): string {
  const text = new Uint8Array(64);
  return latin1Text(text, 0, writeId(text, 0, id));
}

function append(stream: Stream, id: string, ...texts: string[]): void {
  const args = new Args();
  args.loadText(...texts);
  stream.append(idOf(id), args, 0, texts.join("").length, LIMITS);
}

/** Each entry as its ID, fields and values with blanks in between. */
function entries(stream: Stream, from: string, to: string, isReverse: boolean): string[] {
  const reader = new StreamReader();
  const field = new Element();
  const value = new Element();
  const shown: string[] = [];
  reader.seek(stream.index, idOf(from), idOf(to), isReverse);
  while (reader.next()) {
    const words = [textOf(reader.id)];
    for (let i = 0; i < reader.fieldCount; i++) {
      reader.nextField(field, value);
      words.push(latin1Text(field.buf, field.start, field.end));
      words.push(latin1Text(value.buf, value.start, value.end));
    }
    shown.push(words.join(" "));
  }
  return shown;
}

Deno.test("IDs are read, written, incremented and compared over all 64 bits", () => {
  const texts = [
    "0-0",
    "0-4294967295",
    "0-4294967296",
    "0-18446744073709551615",
    "1-0",
    "4294967295-18446744073709551615",
    "4294967296-0",
    "9007199254740993-1",
    "18446744073709551615-18446744073709551615",
  ];
  for (const [i, text] of texts.entries()) {
    assertEquals(textOf(idOf(text)), text);
    if (i > 0) assert(compareIds(idOf(texts[i - 1]), idOf(text)) < 0, text);
    const id = idOf(text);
    assertEquals(id.increment(), i < texts.length - 1);
    if (i < texts.length - 1) assertEquals(id.decrement(), true);
    assertEquals(textOf(id), text);
  }
  assertEquals(idOf("0-0").decrement(), false);
});

Deno.test("A stream does as a list of entries does", () => {
  const random = new Random(5);
  const slabs = new Slabs();
  const stream = new Stream(slabs);
  const reader = new StreamReader();
  let model: { ms: number; text: string }[] = [];
  let ms = 0;
  const rule: TrimRule = {
    isById: false,
    maxLength: 0,
    minId: new StreamId(),
    isApproximate: false,
    limit: 0,
  };
  for (let round = 0; round < 3000; round++) {
    const choice = random.below(20);
    if (choice < 14) {
      ms += 1 + random.below(3) * 2 ** random.below(40);
      const fields = ["f", "g", "f"].slice(random.below(3));
      const texts = fields.flatMap((f) => [f, `${random.below(999)}`]);
      append(stream, `${ms}-0`, ...texts);
      model.push({ ms, text: [`${ms}-0`, ...texts].join(" ") });
    } else if (choice < 17 && model.length > 0) {
      const gone = model[random.below(model.length)];
      assertEquals(stream.remove(idOf(`${gone.ms}-0`), reader), true);
      assertEquals(stream.remove(idOf(`${gone.ms}-0`), reader), false);
      model = model.filter((entry) => entry !== gone);
    } else if (choice === 17) {
      rule.isById = random.below(2) === 0;
      rule.maxLength = Math.max(0, model.length - random.below(20));
      const at = Math.min(random.below(20), model.length - 1);
      rule.minId.copy(idOf(`${at < 0 ? 0 : model[at].ms}-0`));
      const keep = rule.isById ? Math.max(0, model.length - Math.max(at, 0)) : rule.maxLength;
      assertEquals(stream.trim(rule, reader), model.length - keep);
      model = model.slice(model.length - keep);
    } else if (model.length > 0) {
      const from = random.below(model.length);
      const part = model.slice(from, from + 1 + random.below(10));
      const bounds = [`${part[0].ms}-0`, `${part[part.length - 1].ms}-0`] as const;
      const texts = part.map((entry) => entry.text);
      assertEquals(entries(stream, ...bounds, false), texts);
      assertEquals(entries(stream, ...bounds, true), texts.reverse());
    }
    assertEquals(stream.length, model.length);
    assertEquals(textOf(stream.firstId), model.length === 0 ? "0-0" : `${model[0].ms}-0`);
  }
  const copy = new Stream(slabs);
  copy.copy(stream);
  assertEquals(
    entries(copy, "0-0", `${ms}-0`, false),
    model.map((entry) => entry.text),
  );
  slabs.check();
  assert(stream.freeNodes(Infinity));
  assert(copy.freeNodes(Infinity));
  slabs.check();
});
