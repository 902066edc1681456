/** What a client says about itself: its name, its library. */
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";

/**
 * Argument `i` as a word that can stand in CLIENT LIST, which parts its fields by spaces and its
 * clients by line feeds; it may be empty.
 *
 * @param what The attribute as the error names it.
 * @throws {ReplyError} when it holds a space or anything else that is no visible ASCII.
 */
export function readAttribute(args: Args, i: number, what: string): string {
  const text = args.latin1(i);
  if (/^[!-~]*$/.test(text)) return text;
  throw new ReplyError(`ERR ${what} cannot contain spaces, newlines or special characters.`);
}

/** The name of a client, for CLIENT SETNAME and HELLO; see {@link readAttribute}. */
export function readClientName(args: Args, i: number): string {
  return readAttribute(args, i, "Client names");
}
