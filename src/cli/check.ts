/** `keyrex check`: looks through a dump and tells what is in it, or where it is damaged. */
import { utf8 } from "../memory/bytes.ts";
import { RdbError } from "../persistence/rdb/errors.ts";
import type { RdbReader } from "../persistence/rdb/reader.ts";
import { DumpSurvey, type TypeCount } from "../persistence/rdb/survey.ts";
import type { Platform } from "../platform/mod.ts";
import { dumpReader, openDump, walkFile } from "./dump_file.ts";

export const CHECK_HELP = `Usage: keyrex check FILE

Looks through a dump of Redis, Valkey or Keyrex, each part of it, and tells what is in it, or what is
wrong, and where. Nothing is changed. The exit code is 1 when there is damage.
`;

/** Runs the subcommand with its arguments; ends the process. */
export function runCheck(platform: Platform, args: readonly string[]): never {
  const { clock, process } = platform;
  if (args.length !== 1 || args[0].startsWith("-")) {
    const asked = args[0] === "--help" || args[0] === "-h";
    process.writeOut(utf8(CHECK_HELP));
    return process.exit(asked ? 0 : 1);
  }
  const [path] = args;
  const file = openDump(platform, path);
  const reader = dumpReader(file);
  const survey = new DumpSurvey(reader, clock.nowMs());
  let damage: RdbError | null = null;
  try {
    walkFile(platform, reader, survey);
  } catch (error) {
    if (!(error instanceof RdbError)) throw error;
    damage = error;
  } finally {
    file.close();
  }
  process.writeOut(utf8(report(path, reader, survey, damage)));
  return process.exit(damage === null ? 0 : 1);
}

function report(
  path: string,
  reader: RdbReader,
  survey: DumpSurvey,
  damage: RdbError | null,
): string {
  const server = reader.isValkey ? "Valkey" : "Redis";
  const lines = [
    `${path}: ${reader.input.offset} of ${reader.input.size} bytes read`,
    `version ${reader.version} of the format, ${server}`,
    ...Array.from(survey.properties, ([name, value]) => `${name}: ${value}`),
    `${survey.keys} keys in ${survey.databases.size} databases, ${survey.volatileKeys} of which ` +
    `expire, ${survey.expiredKeys} of these already`,
    ...countLines(survey.types, ""),
    ...countLines(survey.modules, "of the module "),
  ];
  if (survey.libraries > 0) lines.push(`${survey.libraries} function libraries`);
  if (survey.emptyKeys > 0) lines.push(`${survey.emptyKeys} keys with empty collections`);
  if (damage === null) lines.push("No damage found.");
  else lines.push(`DAMAGED. ${damage.message}`, "What comes before that place could be read.");
  return lines.join("\n") + "\n";
}

function countLines(counts: ReadonlyMap<string, TypeCount>, prefix: string): string[] {
  return Array.from(
    counts,
    ([name, { keys, bytes }]) => `  ${prefix}${name}: ${keys}, ${bytes} bytes`,
  );
}
