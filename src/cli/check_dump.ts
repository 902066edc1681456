/** What is in a dump, or at the beginning of an append-only file, or what is wrong with it. */
import { RdbError } from "../persistence/rdb/errors.ts";
import type { RdbReader } from "../persistence/rdb/reader.ts";
import { DumpSurvey, type TypeCount } from "../persistence/rdb/survey.ts";
import type { OpenFile, Platform } from "../platform/mod.ts";
import { dumpReader, walkFile } from "./dump_file.ts";

/** What has been found in a dump. */
export interface DumpFinding {
  readonly lines: readonly string[];
  /** Where it ends in the file, or is damaged. */
  readonly offset: number;
  /** The size of the file. */
  readonly size: number;
  readonly damage: RdbError | null;
}

/** Reads a dump from the beginning of a file. Throws the platform's error. */
export function checkDump(platform: Platform, file: OpenFile): DumpFinding {
  const reader = dumpReader(file);
  const survey = new DumpSurvey(reader, platform.clock.nowMs());
  let damage: RdbError | null = null;
  try {
    walkFile(platform, reader, survey);
  } catch (error) {
    if (!(error instanceof RdbError)) throw error;
    damage = error;
  }
  const { offset, size } = reader.input;
  return { lines: linesAbout(reader, survey), offset, size, damage };
}

function linesAbout(reader: RdbReader, survey: DumpSurvey): string[] {
  const server = reader.isValkey ? "Valkey" : "Redis";
  const lines = [
    `version ${reader.version} of the format, ${server}`,
    ...Array.from(survey.properties, ([name, value]) => `${name}: ${value}`),
    `${survey.keys} keys in ${survey.databases.size} databases, ${survey.volatileKeys} of which ` +
    `expire, ${survey.expiredKeys} of these already`,
    ...countLines(survey.types, ""),
    ...countLines(survey.modules, "of the module "),
  ];
  if (survey.libraries > 0) lines.push(`${survey.libraries} function libraries`);
  if (survey.emptyKeys > 0) lines.push(`${survey.emptyKeys} keys with empty collections`);
  return lines;
}

function countLines(counts: ReadonlyMap<string, TypeCount>, prefix: string): string[] {
  return Array.from(
    counts,
    ([name, { keys, bytes }]) => `  ${prefix}${name}: ${keys}, ${bytes} bytes`,
  );
}
