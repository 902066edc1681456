/** Cutting off the end of a file, when people have agreed to it; what is cut is kept beside it. */
import { utf8 } from "../memory/bytes.ts";
import { keepTail } from "../persistence/aof/torn_tail.ts";
import { errorText, type OpenFile, type Platform } from "../platform/mod.ts";

/**
 * Cuts a file off at `size` bytes.
 *
 * @param agreed Whether nobody needs to be asked.
 * @returns False when it is left as it is, because nobody agrees or because it fails.
 */
export function cutFile(
  { files, process }: Platform,
  file: OpenFile,
  path: string,
  size: number,
  agreed: boolean,
): boolean {
  const tell = (text: string) => process.writeOut(utf8(text));
  const before = file.statusSync().size;
  tell(
    `This will shrink ${path} from ${before} bytes, by ${before - size} bytes, to ${size} bytes. ` +
      "What is cut off is kept beside it.\n",
  );
  if (!agreed) {
    tell("Continue? [y/N]: ");
    if (!/^y/i.test(process.readLine())) {
      tell("Aborting...\n");
      return false;
    }
  }
  try {
    const kept = keepTail(files, file, path, size);
    tell(`Successfully truncated ${path}; the ${kept.bytes} bytes are in ${kept.path}\n`);
    return true;
  } catch (error) {
    process.writeError(utf8(`Cannot cut ${path}: ${errorText(error)}\n`));
    return false;
  }
}
