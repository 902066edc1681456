/** Cutting off the torn tail of a file without losing it. */
import { directoryOf, type Files, type OpenFile, writeAllSync } from "../../platform/mod.ts";

/** Copied at a time. */
const PORTION_BYTES = 64 << 10;
/** Of a file that people shall read and its owner may write. */
const PERMISSIONS = 0o644;

/** A tail that has been cut off. */
export interface KeptTail {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Moves what lies behind `wholeBytes` to a file of its own beside it, and brings that to the disk
 * before anything is cut off.
 *
 * @param file The file, open for reading.
 * @throws the platform's error; then the file is as it was.
 */
export function keepTail(
  files: Files,
  file: OpenFile,
  path: string,
  wholeBytes: number,
): KeptTail {
  const bytes = file.statusSync().size - wholeBytes;
  const keptPath = freeName(files, `${path}.cut-at-${wholeBytes}`);
  const kept = files.openSync(keptPath, {
    write: true,
    createNew: true,
    permissions: PERMISSIONS,
  });
  try {
    file.seekSync(wholeBytes);
    const portion = new Uint8Array(Math.min(PORTION_BYTES, Math.max(1, bytes)));
    for (let n = file.readSync(portion); n > 0; n = file.readSync(portion)) {
      writeAllSync(kept, portion.subarray(0, n));
    }
    kept.syncSync();
  } finally {
    kept.close();
  }
  files.syncDirectorySync(directoryOf(path));
  const whole = files.openSync(path, { write: true, read: true });
  try {
    whole.truncateSync(wholeBytes);
    whole.syncSync();
  } finally {
    whole.close();
  }
  return { path: keptPath, bytes };
}

/** A name that no file has yet: an earlier tail is not overwritten. */
function freeName(files: Files, name: string): string {
  let free = name;
  for (let i = 2; files.statusSync(free) !== null; i++) free = `${name}-${i}`;
  return free;
}
