import { assertEquals } from "@std/assert";
import { openTransport } from "../../../src/net/choose.ts";
import { SimulatedNetwork } from "../../support/simulated_network.ts";
import { SimulatedPlatform } from "../../support/simulated_platform.ts";
import { ScriptedServer } from "./scripted_server.ts";

Deno.test("The system's own sockets are used where they can be had, unless others are asked for", () => {
  const server = new ScriptedServer();
  const without = new SimulatedPlatform();
  const network = new SimulatedNetwork();
  const withNetwork = Object.assign(new SimulatedPlatform(), { openNetwork: () => network });
  const names = (["auto", "epoll", "portable"] as const).map((choice) =>
    [without, withNetwork].map((platform) =>
      openTransport(choice, platform, server, server)?.name ?? null
    )
  );
  assertEquals(names, [["portable", "epoll"], [null, "epoll"], ["portable", "portable"]]);
});
