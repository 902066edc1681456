/** What a subcommand of DEBUG is. */
import type { Args } from "../../resp/args.ts";
import type { Handler } from "../spec.ts";

/**
 * DEBUG's subcommands are no commands of their own: COMMAND INFO knows nothing of them, and whatever
 * is wrong with their number of arguments is one and the same error.
 */
export interface DebugSubcommand {
  /** In capitals. */
  readonly name: string;
  /** How many arguments follow the name, at least and at most. */
  readonly arguments: readonly [least: number, most: number];
  /** Lines of DEBUG HELP: how it is called, then, indented, what it does. */
  readonly help: readonly string[];
  /** Arguments begin at index 2. */
  readonly handler: Handler;
}

/** Whether argument `i` is, or begins with, a number other than 0. */
export function isOn(args: Args, i: number): boolean {
  const value = parseInt(args.latin1(i), 10);
  return value === value && value !== 0;
}
