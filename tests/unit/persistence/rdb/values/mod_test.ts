/** Every form of a value there has been since Redis 2, with what it holds. */
import { assertEquals } from "@std/assert";
import { dump, str } from "../builder.ts";
import { keyspaceContent } from "../content.ts";
import { loaded } from "../loading.ts";
import { headOf, SAMPLES } from "../samples.ts";

for (const [title, sample] of Object.entries(SAMPLES)) {
  Deno.test(`A dump holds ${title}`, () => {
    const content = dump(headOf(sample), 254, 0, sample.type, str("key"), sample.value);
    const { keyspace } = loaded(content, sample.settings);
    assertEquals(keyspaceContent(keyspace), { key: [sample.encoding, sample.content] });
  });
}
