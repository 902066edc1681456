/**
 * The configuration: one table of directives, from which redis.conf, the command line, CONFIG GET, SET
 * and REWRITE, and the settings that the rest of the server reads all derive.
 *
 * ```ts
 * const { file, readsInput, options } = parseArguments(process.args);
 * const config = new Config(files, process.workingDirectory);
 * config.load({ file, input: readsInput ? process.readInput() : null, options }, isCommand);
 * config.onChange(["port", "bind"], () => listenAgain(config.settings));
 * ```
 */
export { type Arguments, parseArguments } from "./argv.ts";
export { type ChangeHook, Config, LOADING_REFUSAL, type SetContext } from "./config.ts";
export { ConfigError, type Place, StartError } from "./errors.ts";
export type { BufferLimit, BufferLimits, PrimaryAddress, SavePoint } from "./kinds/lists.ts";
export type { ConfigSources, Declarations, Renaming } from "./load.ts";
export type { ConfigLine } from "./parse.ts";
export { createSettings, type Settings } from "./settings.ts";
