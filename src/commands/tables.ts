/** All command tables: what the server can do is what stands here. */
import { bitCommands } from "./bitmap/bits.ts";
import { bitfieldCommands } from "./bitmap/bitfield.ts";
import { bitopCommands } from "./bitmap/bitop.ts";
import { commandCommands } from "./command.ts";
import { connectionCommands } from "./connection.ts";
import { expireCommands } from "./generic/expire.ts";
import { keyCommands } from "./generic/keys.ts";
import { objectCommands } from "./generic/object.ts";
import { scanCommands } from "./generic/scan.ts";
import { hyperloglogCommands } from "./hyperloglog.ts";
import { lcsCommands } from "./lcs.ts";
import { pubsubCommands } from "./pubsub.ts";
import { serverCommands } from "./server.ts";
import type { CommandTable } from "./spec.ts";
import { stringCommands } from "./string.ts";

export const COMMAND_TABLES: readonly CommandTable[] = [
  bitCommands,
  bitfieldCommands,
  bitopCommands,
  commandCommands,
  connectionCommands,
  expireCommands,
  hyperloglogCommands,
  keyCommands,
  lcsCommands,
  objectCommands,
  pubsubCommands,
  scanCommands,
  serverCommands,
  stringCommands,
];
