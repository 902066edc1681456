/**
 * The command line: `keyrex [redis.conf] [-] [--port 6380 --save 900 1 …] [-]`.
 *
 * As in Redis, options are turned into lines that follow the file's, so they mean what they mean
 * there, and their errors are the file's. `--port=6380` is not among its forms. Help and version are
 * the caller's, who looks for them first.
 */
import { utf8 } from "../memory/bytes.ts";
import { quoted } from "../memory/quoting.ts";
import { innerWords, textAsContent } from "./parse.ts";

/** What a command line asks for. */
export interface Arguments {
  /** The path of the configuration file; null for none. */
  readonly file: string | null;
  /** Whether the configuration goes on with standard input. */
  readonly readsInput: boolean;
  /** The options as lines of a file, with one char for each byte; "" for none. */
  readonly options: string;
}

/** Options that may stand without a value, and what then stands for it. */
const VALUELESS: ReadonlyMap<string, string> = new Map([["--save", '""'], ["--sentinel", ""]]);

/** @param args What follows the program's name. */
export function parseArguments(args: readonly string[]): Arguments {
  const file = args.length > 0 && !args[0].startsWith("-") ? args[0] : null;
  let readsInput = false;
  let options = "";
  // An option's name is followed by at least one value, even one that looks like an option.
  let wantsValue = false;

  for (let i = file === null ? 0 : 1; i < args.length; i++) {
    const arg = args[i];
    const isLast = i === args.length - 1;
    if (arg === "-" && (i === 0 || isLast)) {
      readsInput = true;
    } else if (arg.startsWith("--") && !wantsValue) {
      if (options !== "") options += "\n";
      options += textAsContent(arg.slice(2)) + " ";
      wantsValue = innerWords(arg).length === 1; // not `"--port 6380"`
      const instead = VALUELESS.get(arg.toLowerCase());
      if (instead !== undefined && (isLast || args[i + 1].startsWith("--"))) {
        options += instead;
        wantsValue = false;
      }
    } else {
      const bytes = utf8(arg);
      options += quoted(bytes, 0, bytes.length) + " ";
      wantsValue = false;
    }
  }
  return { file, readsInput, options };
}
