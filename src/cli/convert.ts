/** `keyrex convert`: writes a dump anew, in another version of the format. */
import { utf8 } from "../memory/bytes.ts";
import { DumpConversion } from "../persistence/rdb/convert.ts";
import { RdbError } from "../persistence/rdb/errors.ts";
import { NEWEST_VERSION, OLDEST_WRITTEN_VERSION } from "../persistence/rdb/opcodes.ts";
import { RdbOutput } from "../persistence/rdb/output.ts";
import { FileSink, saveDump } from "../persistence/rdb/save.ts";
import { RdbWriter } from "../persistence/rdb/writer.ts";
import { errorText, type OpenFile, type Platform } from "../platform/mod.ts";
import { dumpReader, openDump, walkFile } from "./dump_file.ts";

export const CONVERT_HELP = `Usage: keyrex convert IN.rdb OUT.rdb --rdb-version N

Writes a dump of Redis, Valkey or Keyrex anew, so that another server can read it:

  9     Redis 5 and 6
  10    Redis 7.0
  11    Redis 7.2, Valkey 7.2 and later
  12    Redis 7.4

What a version cannot hold is told, and nothing is written then. Of streams, statistics that a
version does not know are left out, and told as well.
`;

/** The most sentences of one kind that are told one by one. */
const TOLD_SENTENCES = 20;

/** That something would be lost, which the conversion itself tells. */
class LossError extends Error {
  override readonly name = "LossError";
}

/** Runs the subcommand with its arguments; ends the process. */
export function runConvert(platform: Platform, args: readonly string[]): never {
  const { process } = platform;
  const paths = args.filter((_, i) =>
    args[i] !== "--rdb-version" && args[i - 1] !== "--rdb-version"
  );
  const version = Number(args[args.indexOf("--rdb-version") + 1]);
  const isVersion = Number.isInteger(version) && args.includes("--rdb-version") &&
    version >= OLDEST_WRITTEN_VERSION && version <= NEWEST_VERSION;
  if (!isVersion || paths.length !== 2 || paths.some((path) => path.startsWith("-"))) {
    process.writeOut(utf8(CONVERT_HELP));
    return process.exit(args.includes("--help") || args.includes("-h") ? 0 : 1);
  }
  const [from, to] = paths;
  const file = openDump(platform, from);
  try {
    const { keys, omissions } = convert(platform, file, to, version);
    process.writeOut(utf8(`${keys} keys written to ${to}, version ${version} of the format\n`));
    if (omissions.length > 0) process.writeOut(utf8(`Without:\n${shownList(omissions)}\n`));
  } catch (error) {
    const text = error instanceof RdbError
      ? `${from} is damaged. ${error.message}`
      : error instanceof LossError
      ? error.message
      : `Cannot write ${to}: ${errorText(error)}`;
    process.writeError(utf8(`${text}\nNothing has been written.\n`));
    return process.exit(1);
  } finally {
    file.close();
  }
  return process.exit(0);
}

function convert(
  platform: Platform,
  from: OpenFile,
  to: string,
  version: number,
): { keys: number; omissions: readonly string[] } {
  const slash = to.lastIndexOf("/");
  const directory = slash < 0 ? "." : to.slice(0, slash + 1);
  const temporary = `temp-${platform.process.pid}.rdb`;
  let result: { keys: number; omissions: readonly string[] } = { keys: 0, omissions: [] };
  saveDump(platform.files, directory, to.slice(slash + 1), temporary, (file) => {
    const reader = dumpReader(from);
    const output = new RdbOutput(new FileSink(file, true), { compresses: true, sums: true });
    const writer = new RdbWriter(output, version, "none");
    const conversion = new DumpConversion(reader, writer);
    writer.begin([]);
    walkFile(platform, reader, conversion);
    refuseLosses(conversion.losses, version);
    writer.end();
    result = conversion;
  });
  return result;
}

function refuseLosses(losses: readonly string[], version: number): void {
  if (losses.length === 0) return;
  throw new LossError(`Version ${version} cannot hold:\n${shownList(losses)}`);
}

/** The first of many sentences, a line each. */
function shownList(sentences: readonly string[]): string {
  const told = sentences.slice(0, TOLD_SENTENCES).map((sentence) => `  ${sentence}`);
  if (sentences.length > TOLD_SENTENCES) {
    told.push(`  and ${sentences.length - TOLD_SENTENCES} more`);
  }
  return told.join("\n");
}
