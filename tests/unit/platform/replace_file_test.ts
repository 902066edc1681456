import { assertEquals, assertThrows } from "@std/assert";
import { replaceFile } from "../../../src/platform/replace_file.ts";
import { SystemFiles } from "../../../src/platform/files.ts";
import { withFolder } from "../config/folder.ts";

const content = new TextEncoder().encode("new");

Deno.test("A file is replaced, and nothing is left beside it", () => {
  withFolder({ "redis.conf": "old", "redis.conf.rewrite": "of a crash" }, (dir) => {
    replaceFile(new SystemFiles(), `${dir}/redis.conf`, content);
    assertEquals(Deno.readTextFileSync(`${dir}/redis.conf`), "new");
    assertEquals(Array.from(Deno.readDirSync(dir), ({ name }) => name), ["redis.conf"]);
  });
});

Deno.test("A file that cannot be replaced stays as it is", () => {
  class FullDisk extends SystemFiles {
    override renameSync(): void {
      throw new Error("No space left on device");
    }
  }
  withFolder({ "redis.conf": "old" }, (dir) => {
    assertThrows(
      () => replaceFile(new FullDisk(), `${dir}/redis.conf`, content),
      Error,
      "No space left on device",
    );
    assertEquals(Deno.readTextFileSync(`${dir}/redis.conf`), "old");
    assertEquals(Array.from(Deno.readDirSync(dir), ({ name }) => name), ["redis.conf"]);
  });
});
