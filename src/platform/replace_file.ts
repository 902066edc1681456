/** Replaces a file at once or not at all, whatever happens in between. */
import { type Files, writeAllSync } from "./files.ts";
import { directoryOf } from "./paths.ts";

/** Of a file that people shall read and its owner may write. */
const PERMISSIONS = 0o644;

/**
 * Writes a temporary file beside the old one, waits until the disk has it, and gives it the old
 * one's name.
 *
 * @throws the platform's error; then the old file is as it was, and nothing is left beside it.
 */
export function replaceFile(files: Files, path: string, content: Uint8Array): void {
  const temporary = `${path}.rewrite`;
  files.removeSync(temporary); // of a process that was ended in the middle
  try {
    const file = files.openSync(temporary, {
      write: true,
      createNew: true,
      permissions: PERMISSIONS,
    });
    try {
      writeAllSync(file, content);
      file.syncSync();
    } finally {
      file.close();
    }
    files.renameSync(temporary, path);
  } catch (error) {
    try {
      files.removeSync(temporary);
    } catch {
      // What went wrong before says more.
    }
    throw error;
  }
  files.syncDirectorySync(directoryOf(path));
}
