/**
 * The manifest of the append-only files, as Redis 7 has it: a text with a line for each file, in the
 * order in which they are to be loaded:
 *
 *     file appendonly.aof.2.base.rdb seq 2 type b       all data as it was at some moment
 *     file appendonly.aof.1.incr.aof seq 1 type h       of no more use, to be removed
 *     file appendonly.aof.4.incr.aof seq 4 type i       what has happened since, oldest first
 *     file appendonly.aof.5.incr.aof seq 5 type i
 *
 * A name with characters that are no letters of a plain word stands between quotes. Words that are not
 * known come in pairs, and are passed over; lines that begin with # are comments.
 */
import { latin1, latin1Text } from "../../memory/bytes.ts";
import { quoted, splitArguments } from "../../memory/quoting.ts";
import { AofError } from "./errors.ts";

/** A file, by its name in the directory of the append-only files; one character for each byte. */
export interface AofFile {
  readonly name: string;
  /** Counts from 1, for base and increments each. */
  readonly seq: number;
}

/** The form of a base, by the end of its name. */
export type BaseFormat = "rdb" | "aof";

/** Which files there are. A manifest never changes: whoever changes something makes another one. */
export interface Manifest {
  /** All data as it was at some moment; null when it was nothing. */
  readonly base: AofFile | null;
  /** What has happened since, oldest first. */
  readonly increments: readonly AofFile[];
  /** Files of no more use. */
  readonly history: readonly AofFile[];
  /** The numbers that were given last; they never come again. */
  readonly baseSeq: number;
  readonly incrementSeq: number;
}

export const EMPTY_MANIFEST: Manifest = {
  base: null,
  increments: [],
  history: [],
  baseSeq: 0,
  incrementSeq: 0,
};

/** The longest line, its end included, as in Redis. */
const LINE_MAX_BYTES = 1024;
/** Name, number and type, with a word before each. */
const LINE_MIN_WORDS = 6;

const FORMAT = "Invalid AOF manifest file format";
/** A name with one of these, or with what is not printable, is written between quotes. */
const NEEDS_QUOTES = /[^!-~]|["'\\]/;

// ---------------------------------------------------------------- what changes

/** The same with another base, the old one and the increments before `keptIncrements` being history. */
export function withBase(manifest: Manifest, base: AofFile, keptIncrements: number): Manifest {
  const { history, increments } = manifest;
  const keptFrom = increments.length - keptIncrements;
  const gone = [...increments.slice(0, keptFrom)];
  if (manifest.base !== null) gone.unshift(manifest.base);
  return {
    ...manifest,
    base,
    baseSeq: base.seq,
    increments: increments.slice(keptFrom),
    history: [...history, ...gone],
  };
}

/** The same with one more increment. */
export function withIncrement(manifest: Manifest, increment: AofFile): Manifest {
  return {
    ...manifest,
    increments: [...manifest.increments, increment],
    incrementSeq: increment.seq,
  };
}

/** The file of the next base. @param prefix What `appendfilename` says. */
export function nextBase({ baseSeq }: Manifest, prefix: string, format: BaseFormat): AofFile {
  const seq = baseSeq + 1;
  return { name: `${prefix}.${seq}.base.${format}`, seq };
}

/** The file of the next increment. */
export function nextIncrement({ incrementSeq }: Manifest, prefix: string): AofFile {
  const seq = incrementSeq + 1;
  return { name: `${prefix}.${seq}.incr.aof`, seq };
}

/** Base and increments, in the order in which they are loaded. */
export function filesToLoad({ base, increments }: Manifest): readonly AofFile[] {
  return base === null ? increments : [base, ...increments];
}

// ---------------------------------------------------------------- writing

/** The text of a manifest, one character for each byte. */
export function formatManifest({ base, increments, history }: Manifest): string {
  return [
    ...(base === null ? [] : [line(base, "b")]),
    ...history.map((file) => line(file, "h")),
    ...increments.map((file) => line(file, "i")),
  ].join("");
}

function line({ name, seq }: AofFile, type: string): string {
  const bytes = latin1(name);
  const shown = NEEDS_QUOTES.test(name) ? quoted(bytes, 0, bytes.length) : name;
  return `file ${shown} seq ${seq} type ${type}\n`;
}

// ---------------------------------------------------------------- reading

/**
 * Reads a manifest.
 *
 * @param path For messages.
 * @throws {AofError} At the first line that is not as it must be; the reasons are Redis's.
 */
export function parseManifest(bytes: Uint8Array, path: string): Manifest {
  let manifest = EMPTY_MANIFEST;
  let lineNumber = 0;
  for (let at = 0; at < bytes.length;) {
    const newline = bytes.indexOf(0x0a, at);
    const end = newline < 0 ? bytes.length : newline + 1;
    lineNumber++;
    try {
      const isTooLong = newline < 0 || end - at > LINE_MAX_BYTES;
      if (isTooLong) throw new AofError("The AOF manifest file contains too long line");
      manifest = withLine(manifest, bytes, at, newline);
    } catch (error) {
      if (!(error instanceof AofError)) throw error;
      const shown = latin1Text(bytes, at, Math.min(end, at + LINE_MAX_BYTES)).trimEnd();
      throw new AofError(
        `Reading the manifest file ${path}, at line ${lineNumber} >>> '${shown}': ${error.message}`,
        at,
      );
    }
    at = end;
  }
  if (lineNumber === 0) throw new AofError(`Reading ${path}: Found an empty AOF manifest`, 0);
  return manifest;
}

function withLine(manifest: Manifest, bytes: Uint8Array, start: number, end: number): Manifest {
  if (bytes[start] === 0x23) return manifest; // #
  const words = splitArguments(bytes, start, end)?.map((word) => latin1Text(word, 0, word.length));
  if (words === undefined || words.length < LINE_MIN_WORDS || words.length % 2 !== 0) {
    throw new AofError(FORMAT);
  }
  const { name, seq, type } = readPairs(words);
  if (name === "" || !(seq > 0) || type === "") throw new AofError(FORMAT);
  if (/[/\\]/.test(name)) throw new AofError("File can't be a path, just a filename");
  const file: AofFile = { name, seq };
  switch (type[0]) {
    case "b":
      if (manifest.base !== null) throw new AofError("Found duplicate base file information");
      return { ...manifest, base: file, baseSeq: seq };
    case "h":
      return { ...manifest, history: [...manifest.history, file] };
    case "i":
      if (seq <= manifest.incrementSeq) {
        throw new AofError("Found a non-monotonic sequence number");
      }
      return withIncrement(manifest, file);
    default:
      throw new AofError("Unknown AOF file type");
  }
}

function readPairs(words: readonly string[]): { name: string; seq: number; type: string } {
  const pairs = { name: "", seq: 0, type: "" };
  for (let i = 0; i < words.length; i += 2) {
    const value = words[i + 1];
    switch (words[i].toLowerCase()) {
      case "file":
        pairs.name = value;
        break;
      case "seq":
        pairs.seq = /^\d+$/.test(value) ? Number(value) : 0;
        break;
      case "type":
        pairs.type = value;
        break;
    }
  }
  return pairs;
}
