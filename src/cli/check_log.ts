/** What is in one append-only file, or what is wrong with it: commands, maybe after a dump. */
import { latin1Text } from "../memory/bytes.ts";
import { CommandSource } from "../persistence/aof/command_source.ts";
import { AofReader } from "../persistence/aof/reader.ts";
import { AofSurvey } from "../persistence/aof/survey.ts";
import type { OpenFile, Platform } from "../platform/mod.ts";
import { checkDump } from "./check_dump.ts";
import { Progress } from "./progress.ts";

/** What has been found in a file. */
export interface LogFinding {
  readonly lines: readonly string[];
  readonly size: number;
  /** Up to where the file is whole. */
  readonly wholeBytes: number;
  /** What is wrong behind that, and where; null when nothing is. */
  readonly damage: string | null;
  /** Whether the file is sound when it is cut off there. */
  readonly canBeCut: boolean;
  /** Where the first command is that was written after the moment asked for; -1: none is. */
  readonly laterOffset: number;
}

/** How a file begins that begins with a dump. */
const DUMP_MAGICS = ["REDIS", "VALKEY"];
const MAGIC_BYTES = 6;
/** The commands that take the most of a file are told. */
const SHOWN_COMMANDS = 20;

/** Whether a file begins with a dump; it stands at its beginning, before and after. */
export function beginsWithDump(file: OpenFile): boolean {
  const head = new Uint8Array(MAGIC_BYTES);
  const length = file.readSync(head);
  file.seekSync(0);
  const text = latin1Text(head, 0, length);
  return DUMP_MAGICS.some((magic) => text.startsWith(magic));
}

/**
 * Reads a file from its beginning.
 *
 * @param untilSeconds See {@link LogFinding.laterOffset}; in seconds since 1970.
 * Throws the platform's error.
 */
export function checkLog(platform: Platform, file: OpenFile, untilSeconds: number): LogFinding {
  const { size } = file.statusSync();
  if (!beginsWithDump(file)) return checkCommands(platform, file, 0, untilSeconds);
  const dump = checkDump(platform, file);
  const lines = [`a dump of ${dump.offset} bytes`, ...indented(dump.lines)];
  if (dump.damage !== null) {
    const damage = dump.damage.message;
    return { lines, size, wholeBytes: 0, damage, canBeCut: false, laterOffset: -1 };
  }
  if (dump.offset === size) {
    return { lines, size, wholeBytes: size, damage: null, canBeCut: true, laterOffset: -1 };
  }
  const rest = checkCommands(platform, file, dump.offset, untilSeconds);
  return { ...rest, lines: [...lines, ...rest.lines] };
}

function checkCommands(
  platform: Platform,
  file: OpenFile,
  offset: number,
  untilSeconds: number,
): LogFinding {
  const { size } = file.statusSync();
  const source = new CommandSource(file, offset);
  const reader = new AofReader(source, offset, source.end);
  const survey = new AofSurvey(reader, untilSeconds);
  const progress = new Progress(platform, size);
  while (survey.step()) progress.note(reader.offset);
  progress.end();
  const { laterOffset, wholeBytes } = survey;
  return {
    lines: linesAbout(survey),
    size,
    wholeBytes,
    damage: damageOf(survey, source),
    canBeCut: true,
    laterOffset,
  };
}

function damageOf({ damage }: AofSurvey, { end, zeros }: CommandSource): string | null {
  const tail = zeros > 0 ? `${zeros} zeros end the file, from offset ${end} on` : null;
  if (damage === null) return tail && `At offset ${end}: ${tail}`;
  return `At offset ${damage.offset}: ${damage.problem}${tail === null ? "" : `; ${tail}`}`;
}

function linesAbout(survey: AofSurvey): string[] {
  const { calls, commands, firstWrittenAt, lastWrittenAt, transactions } = survey;
  const counts = [...commands].sort(([, a], [, b]) => b.bytes - a.bytes);
  const lines = [
    `${calls} commands, ${transactions} transactions`,
    ...counts.slice(0, SHOWN_COMMANDS)
      .map(([name, { calls, bytes }]) => `  ${name}: ${calls}, ${bytes} bytes`),
  ];
  if (counts.length > SHOWN_COMMANDS) {
    lines.push(`  and ${counts.length - SHOWN_COMMANDS} other commands`);
  }
  if (firstWrittenAt > 0) {
    lines.push(`written from ${time(firstWrittenAt)} to ${time(lastWrittenAt)}`);
  }
  return lines;
}

/** A moment for people, and as it is given to `--truncate-to-timestamp`. */
function time(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : `${date.toISOString()} (${seconds})`;
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
