/** `keyrex check`: looks through what a server has written and tells what is in it, or what is wrong. */
import { utf8 } from "../memory/bytes.ts";
import { errorCode, errorText, type OpenFile, type Platform } from "../platform/mod.ts";
import { checkDump } from "./check_dump.ts";
import { beginsWithDump } from "./check_log.ts";
import { checkManifest, checkSingleLog, type LogCheckOptions } from "./check_logs.ts";
import { openDump } from "./dump_file.ts";

export const CHECK_HELP =
  `Usage: keyrex check PATH [--fix [--yes]] [--truncate-to-timestamp SECONDS]

Looks through what Redis, Valkey or Keyrex has written, each part of it, and tells what is in it, or
what is wrong, and where. PATH is a dump, an append-only file, the manifest of several, or the
directory they are in. Without options nothing is changed. The exit code is 1 when there is damage.

  --fix                   cuts off the end of the last append-only file from the damage on, after
                          asking; what is cut off is kept in a file beside it
  --yes                   does so without asking
  --truncate-to-timestamp SECONDS
                          cuts off what was written after that moment, counted from 1970, if the
                          server has noted the time (aof-timestamp-enabled yes)
`;

interface CheckOptions extends LogCheckOptions {
  readonly path: string;
}

/** Runs the subcommand with its arguments; ends the process. */
export function runCheck(platform: Platform, args: readonly string[]): never {
  const { process } = platform;
  const options = readOptions(args);
  if (options === null) {
    process.writeOut(utf8(CHECK_HELP));
    return process.exit(args.includes("--help") || args.includes("-h") ? 0 : 1);
  }
  return process.exit(check(platform, options) ? 0 : 1);
}

/** @returns Null when the arguments are not as they must be, or ask for help. */
function readOptions(args: readonly string[]): CheckOptions | null {
  const paths: string[] = [];
  let fixes = false;
  let agreed = false;
  let truncateTo: number | null = null;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--fix") fixes = true;
    else if (args[i] === "--yes") agreed = true;
    else if (args[i] === "--truncate-to-timestamp") {
      const text = args[++i] ?? "";
      if (!/^\d+$/.test(text)) return null;
      truncateTo = Number(text);
    } else if (args[i].startsWith("-")) return null;
    else paths.push(args[i]);
  }
  if (paths.length !== 1 || (fixes && truncateTo !== null)) return null;
  return { path: paths[0], fixes, agreed, truncateTo };
}

/** @returns Whether what is there is sound, or has been made so. */
function check(platform: Platform, options: CheckOptions): boolean {
  const { files, process } = platform;
  const path = options.path.replace(/(?<=.)\/+$/, "");
  if (files.statusSync(path)?.isDirectory) {
    const manifests = files.listSync(path)
      .filter((name) => name.endsWith(".manifest") && !name.startsWith("temp-"));
    if (manifests.length === 1) return checkManifest(platform, `${path}/${manifests[0]}`, options);
    process.writeError(utf8(
      manifests.length === 0
        ? `There is no manifest in ${path}: name a dump, or the directory of append-only files.\n`
        : `There are several manifests in ${path}: name one of ${manifests.sort().join(", ")}.\n`,
    ));
    return false;
  }
  if (path.endsWith(".manifest")) return checkManifest(platform, path, options);
  const file = openDump(platform, path);
  try {
    if (!isDump(file, path)) return checkSingleLog(platform, path, options);
    return checkSingleDump(platform, file, path);
  } catch (error) {
    if (errorCode(error) === "") throw error;
    process.writeError(utf8(`Cannot read ${path}: ${errorText(error)}\n`));
    return false;
  } finally {
    file.close();
  }
}

/** Whether a file is a dump and not an append-only file that begins with one: the name tells. */
function isDump(file: OpenFile, path: string): boolean {
  return /\.rdb$/i.test(path) || (beginsWithDump(file) && !/aof/i.test(path));
}

function checkSingleDump(platform: Platform, file: OpenFile, path: string): boolean {
  const { damage, lines, offset, size } = checkDump(platform, file);
  const verdict = damage === null
    ? ["No damage found."]
    : [`DAMAGED. ${damage.message}`, "What comes before that place could be read."];
  const report = [`${path}: ${offset} of ${size} bytes read`, ...lines, ...verdict];
  platform.process.writeOut(utf8(report.join("\n") + "\n"));
  return damage === null;
}
