/**
 * Looking through append-only files: one, or all that a manifest names, in the order in which they are
 * loaded; and cutting off what is damaged.
 */
import { utf8 } from "../memory/bytes.ts";
import { AofError } from "../persistence/aof/errors.ts";
import { filesToLoad, type Manifest, parseManifest } from "../persistence/aof/manifest.ts";
import { errorText, type OpenFile, type Platform } from "../platform/mod.ts";
import { checkLog, indented, type LogFinding } from "./check_log.ts";
import { cutFile } from "./cut_file.ts";

export interface LogCheckOptions {
  /** Cuts off what is damaged, if it is the end of the last file. */
  readonly fixes: boolean;
  /** Does so without asking. */
  readonly agreed: boolean;
  /** Cuts off what was written later, in seconds since 1970; null leaves it. */
  readonly truncateTo: number | null;
}

interface LogFile {
  readonly path: string;
  /** What the file is in the eyes of the manifest. */
  readonly role: string;
  readonly isLast: boolean;
}

/** Where there may be more, and what comes after it. */
const DELETE_LATER =
  "If you insist, remove the files that follow it and their lines in the manifest.";

/** A file that stands alone. @returns Whether it is sound, or has been made so. */
export function checkSingleLog(
  platform: Platform,
  path: string,
  options: LogCheckOptions,
): boolean {
  return checkOne(platform, { path, role: "append-only file", isLast: true }, options);
}

/** All files that a manifest names. @returns Whether they are sound, or have been made so. */
export function checkManifest(platform: Platform, path: string, options: LogCheckOptions): boolean {
  const { files, process } = platform;
  let manifest: Manifest;
  try {
    manifest = parseManifest(files.readSync(path), path);
  } catch (error) {
    const text = error instanceof AofError
      ? error.message
      : `Cannot read ${path}: ${errorText(error)}`;
    process.writeOut(utf8(`DAMAGED. ${text}\n`));
    return false;
  }
  const directory = path.slice(0, path.lastIndexOf("/") + 1);
  const { base, history, increments } = manifest;
  process.writeOut(utf8(
    `${path}: ${base === null ? "no base" : "a base"}, ${increments.length} increments, ` +
      `${history.length} files of no more use\n`,
  ));
  const named = filesToLoad(manifest);
  const isSound = named.every((file, i) =>
    checkOne(platform, {
      path: directory + file.name,
      role: file === base ? "base" : "increment",
      isLast: i === named.length - 1,
    }, options)
  );
  if (isSound) process.writeOut(utf8("All files and the manifest are sound.\n"));
  return isSound;
}

function checkOne(platform: Platform, log: LogFile, options: LogCheckOptions): boolean {
  const { files, process } = platform;
  let file: OpenFile;
  try {
    file = files.openSync(log.path, { read: true });
  } catch (error) {
    process.writeOut(utf8(`DAMAGED. Cannot open ${log.path}: ${errorText(error)}\n`));
    return false;
  }
  try {
    const finding = checkLog(platform, file, options.truncateTo ?? Infinity);
    process.writeOut(utf8(report(log, finding)));
    return settle(platform, file, log, finding, options);
  } finally {
    file.close();
  }
}

function report({ path, role }: LogFile, { damage, lines, size, wholeBytes }: LogFinding): string {
  const verdict = damage === null
    ? ["No damage found."]
    : [`DAMAGED. ${damage}`, `The file is whole up to offset ${wholeBytes}.`];
  return [`${path}: ${role}, ${size} bytes`, ...indented([...lines, ...verdict])].join("\n") + "\n";
}

/** Does what is asked for about what has been found; returns whether the file is sound then. */
function settle(
  platform: Platform,
  file: OpenFile,
  log: LogFile,
  { canBeCut, damage, laterOffset, wholeBytes }: LogFinding,
  { agreed, fixes, truncateTo }: LogCheckOptions,
): boolean {
  const { isLast, path } = log;
  const tell = (text: string) => platform.process.writeOut(utf8(`${text}\n`));
  if (laterOffset >= 0) {
    if (laterOffset === 0) {
      tell(`${path} has nothing that was written by ${truncateTo}: it is left as it is.`);
      return false;
    }
    if (!isLast) {
      tell(
        `${path} cannot be cut off at offset ${laterOffset}: it is not the last file. ${DELETE_LATER}`,
      );
      return false;
    }
    return cutFile(platform, file, path, laterOffset, agreed);
  }
  if (damage === null) {
    if (truncateTo !== null && isLast) tell(`Nothing in ${path} was written after ${truncateTo}.`);
    return true;
  }
  if (!fixes) {
    tell(isLast && canBeCut ? "Use --fix to cut off what is damaged." : "It cannot be cut off.");
    return false;
  }
  if (!canBeCut) {
    tell(`${path} cannot be repaired: the damage is in the dump that it begins with.`);
    return false;
  }
  if (!isLast) {
    tell(
      `${path} cannot be cut off at offset ${wholeBytes}: it is not the last file. ${DELETE_LATER}`,
    );
    return false;
  }
  return cutFile(platform, file, path, wholeBytes, agreed);
}
