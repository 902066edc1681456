/** All command tables: what the server can do is what stands here. */
import { bitCommands } from "./bitmap/bits.ts";
import { bitfieldCommands } from "./bitmap/bitfield.ts";
import { bitopCommands } from "./bitmap/bitop.ts";
import { commandCommands } from "./command.ts";
import { configCommands } from "./config.ts";
import { connectionCommands } from "./connection.ts";
import { expireCommands } from "./generic/expire.ts";
import { keyCommands } from "./generic/keys.ts";
import { objectCommands } from "./generic/object.ts";
import { scanCommands } from "./generic/scan.ts";
import { hyperloglogCommands } from "./hyperloglog.ts";
import { latencyCommands } from "./latency.ts";
import { lcsCommands } from "./lcs.ts";
import { monitorCommands } from "./monitor.ts";
import { pubsubCommands } from "./pubsub.ts";
import { serverCommands } from "./server.ts";
import { slowlogCommands } from "./slowlog.ts";
import type { CommandTable } from "./spec.ts";
import { stringCommands } from "./string.ts";

export const COMMAND_TABLES: readonly CommandTable[] = [
  bitCommands,
  bitfieldCommands,
  bitopCommands,
  commandCommands,
  configCommands,
  connectionCommands,
  expireCommands,
  hyperloglogCommands,
  keyCommands,
  latencyCommands,
  lcsCommands,
  monitorCommands,
  objectCommands,
  pubsubCommands,
  scanCommands,
  serverCommands,
  slowlogCommands,
  stringCommands,
];
