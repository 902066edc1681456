/** Running a subcommand on a simulated platform. */
import { assertThrows } from "@std/assert";
import { type Platform, writeAllSync } from "../../../src/platform/mod.ts";
import { SimulatedExit, SimulatedPlatform } from "../../support/simulated_platform.ts";

/** A platform with some files. */
export function platformWith(files: Readonly<Record<string, Uint8Array>>): SimulatedPlatform {
  const platform = new SimulatedPlatform();
  for (const [path, content] of Object.entries(files)) {
    writeAllSync(platform.files.openSync(path, { write: true, create: true }), content);
  }
  return platform;
}

type Subcommand = (platform: Platform, args: readonly string[]) => never;

/** What a subcommand has written, and the exit code it has ended with. */
export function run(platform: SimulatedPlatform, subcommand: Subcommand, ...args: string[]) {
  const { exitCode } = assertThrows(() => subcommand(platform, args), SimulatedExit);
  return { exitCode, out: platform.process.out, error: platform.process.error };
}
