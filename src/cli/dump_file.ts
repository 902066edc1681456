/** What subcommands about dumps share: opening one, and a keyspace to read it with. */
import { createSettings } from "../config/mod.ts";
import { Keyspace } from "../keyspace/keyspace.ts";
import { utf8 } from "../memory/bytes.ts";
import { FileSource } from "../persistence/rdb/file_source.ts";
import { RdbInput } from "../persistence/rdb/input.ts";
import { RdbReader } from "../persistence/rdb/reader.ts";
import { type DumpVisitor, walkDump } from "../persistence/rdb/walk.ts";
import { errorText, type OpenFile, type Platform, Random } from "../platform/mod.ts";

/** Between two reports of progress. */
const PROGRESS_EVERY_MS = 1000;
/** Records between two looks at the time. */
const RECORDS_PER_LOOK = 1000;

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
  const { clock, entropy, process } = platform;
  const settings = createSettings();
  const random = Random.seeded(entropy);
  const seed = { k0: random.next(), k1: random.next() };
  const keyspace = new Keyspace(settings, seed, () => random.next());
  const tells = process.outIsTerminal();
  let toldMs = clock.monotonicMs();
  let records = 0;
  walkDump(reader, keyspace, settings, visitor, () => {
    if (!tells || ++records % RECORDS_PER_LOOK !== 0) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
    toldMs = nowMs;
    const percent = Math.floor(100 * reader.input.offset / reader.input.size);
    process.writeOut(utf8(`\r${percent} % of ${reader.input.size} bytes`));
  });
  if (tells) process.writeOut(utf8("\r\x1b[K"));
}
