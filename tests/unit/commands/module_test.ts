import { assertEquals } from "@std/assert";
import { EmbeddedServer } from "../../support/embedded_server.ts";

Deno.test("MODULE finds no module to load or to unload, where the configuration allows to look", () => {
  const settings = { enableModuleCommand: "yes" } as const;
  const client = new EmbeddedServer({ settings }).connect();
  assertEquals(client.send("module list"), "*0\r\n");
  for (const command of ["module load /nosuch.so x", "module loadex /nosuch.so config a b"]) {
    assertEquals(
      client.send(command),
      "-ERR Error loading the extension. Please check the server logs.\r\n",
    );
  }
  assertEquals(
    client.send("module unload nosuch"),
    "-ERR Error unloading module: no such module with that name\r\n",
  );
});
