/** Measures the engine alone in this process: takes an EngineRequest, prints EngineFigures, both JSON. */
import { Registry } from "../../src/commands/registry.ts";
import { COMMAND_TABLES } from "../../src/commands/tables.ts";
import { Config } from "../../src/config/mod.ts";
import { denoPlatform } from "../../src/platform/mod.ts";
import { Log } from "../../src/server/log.ts";
import { Server } from "../../src/server/server.ts";
import { measureEngine } from "./engine_loop.ts";

const platform = denoPlatform();
const registry = new Registry(COMMAND_TABLES);
const config = new Config(platform.files, platform.process.workingDirectory);
config.load({ file: null, input: null, options: "" }, () => false);
const { settings } = config;
const log = new Log(platform);
const server = new Server({ platform, settings, registry, log, config });
console.log(JSON.stringify(measureEngine(server, JSON.parse(Deno.args[0]))));
