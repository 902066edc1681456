/**
 * The errors that commands reply with, word for word Redis's: client libraries match on them.
 *
 * Each is made once and thrown as it is; dispatch catches it and writes it out. An error whose text
 * depends on the request is made by a function here.
 */
import { ReplyError } from "../resp/errors.ts";

const error = (text: string): ReplyError => new ReplyError(text);

export const WRONG_TYPE = error(
  "WRONGTYPE Operation against a key holding the wrong kind of value",
);
export const SYNTAX = error("ERR syntax error");
export const NO_SUCH_KEY = error("ERR no such key");
export const OUT_OF_RANGE = error("ERR index out of range");
export const OUT_OF_MEMORY = error("OOM command not allowed when used memory > 'maxmemory'.");
export const ALLOCATION_FAILED = error("OOM the server is out of memory");
export const LOADING = error("LOADING Redis is loading the dataset in memory");
export const NO_AUTH = error("NOAUTH Authentication required.");
export const WRONG_PASS = error(
  "WRONGPASS invalid username-password pair or user is disabled.",
);
export const NO_PROTO = error("NOPROTO unsupported protocol version");
export const REPLICA_AND_KEYSPACE = error("ERR Replica can't interact with the keyspace");
export const INVALID_DB_INDEX = error("ERR invalid DB index");
export const DB_INDEX_OUT_OF_RANGE = error("ERR DB index is out of range");
export const SAME_OBJECT = error("ERR source and destination objects are the same");
export const STRING_TOO_LONG = error(
  "ERR string exceeds maximum allowed size (proto-max-bulk-len)",
);
export const OFFSET_OUT_OF_RANGE = error("ERR offset is out of range");
export const INCREMENT_OVERFLOW = error("ERR increment or decrement would overflow");
export const DECREMENT_OVERFLOW = error("ERR decrement would overflow");
export const NAN_OR_INFINITY = error("ERR increment would produce NaN or Infinity");
export const NOT_A_HLL = error("WRONGTYPE Key is not a valid HyperLogLog string value.");
export const CORRUPT_HLL = error("INVALIDOBJ Corrupted HLL object detected");

/** `SET k v EX 0` and the like. */
export function invalidExpire(command: string): ReplyError {
  return error(`ERR invalid expire time in '${command}' command`);
}

/** Too few or too many arguments, found by the table or by the handler itself. */
export function wrongArity(fullName: string): ReplyError {
  return error(`ERR wrong number of arguments for '${fullName}' command`);
}

/** A subcommand that the container does not have. */
export function unknownSubcommand(container: string, subcommand: string): ReplyError {
  return error(
    `ERR unknown subcommand '${subcommand.slice(0, 128)}'. Try ${container.toUpperCase()} HELP.`,
  );
}

/** A subcommand with arguments whose number the table allows but the handler does not. */
export function wrongSubcommandArity(container: string, subcommand: string): ReplyError {
  return error(
    `ERR unknown subcommand or wrong number of arguments for '${subcommand.slice(0, 128)}'. ` +
      `Try ${container.toUpperCase()} HELP.`,
  );
}
