/** Why an access rule is refused, in Redis's words; they follow `Error in ACL SETUSER modifier '…': `. */

export const UNKNOWN_NAME = "Unknown command or category name in ACL";
export const BAD_SYNTAX = "Syntax error";
export const PATTERN_AFTER_ALL_KEYS =
  "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any " +
  "effect. Try 'resetkeys' to start with an empty list of patterns";
export const PATTERN_AFTER_ALL_CHANNELS =
  "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have " +
  "any effect. Try 'resetchannels' to start with an empty list of channels";
export const NO_SUCH_PASSWORD =
  "The password you are trying to remove from the user does not exist";
export const BAD_PASSWORD_HASH =
  "The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters";
export const DUPLICATE_USER =
  "Duplicate user found. A user can only be defined once in config files";
export const FIRST_ARGUMENT_OF_SUBCOMMAND = "Allowing first-arg of a subcommand is not supported";

/** A parenthesis that no later word closes. */
export function unmatchedParenthesis(word: string): string {
  return `Unmatched parenthesis in acl selector starting at '${word}'.`;
}
