/** What subcommands about dumps share: opening one, and a keyspace to read it with. */
import { createSettings } from "../config/mod.ts";
import { Keyspace } from "../keyspace/keyspace.ts";
import { utf8 } from "../memory/bytes.ts";
import { FileSource } from "../persistence/rdb/file_source.ts";
import { RdbInput } from "../persistence/rdb/input.ts";
import { RdbReader } from "../persistence/rdb/reader.ts";
import { type DumpVisitor, walkDump } from "../persistence/rdb/walk.ts";
import { errorText, type OpenFile, type Platform, Random } from "../platform/mod.ts";
import { Progress } from "./progress.ts";

/** Opens a dump, or ends the process and says why. */
export function openDump({ files, process }: Platform, path: string): OpenFile {
  try {
    return files.openSync(path, { read: true });
  } catch (error) {
    process.writeError(utf8(`Cannot open ${path}: ${errorText(error)}\n`));
    return process.exit(1);
  }
}

/** A reader of an open dump. */
export function dumpReader(file: OpenFile): RdbReader {
  return new RdbReader(new RdbInput(new FileSource(file), true), true);
}

/** Goes through a dump, and tells now and then how far it has come when people are looking. */
export function walkFile(platform: Platform, reader: RdbReader, visitor: DumpVisitor): void {
  const settings = createSettings();
  const random = Random.seeded(platform.entropy);
  const seed = { k0: random.next(), k1: random.next() };
  const keyspace = new Keyspace(settings, seed, () => random.next());
  const progress = new Progress(platform, reader.input.size);
  try {
    walkDump(reader, keyspace, settings, visitor, () => progress.note(reader.input.offset));
  } finally {
    progress.end();
  }
}
