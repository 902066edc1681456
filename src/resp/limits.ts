/**
 * What a client may send: the bounds that Redis 7.0 sets to a request, and the thresholds by which
 * the parser decides how to receive one.
 */

/** The settings that the parser reads. */
export interface ParserSettings {
  /** The longest argument, in bytes; Infinity for a link that is trusted. */
  readonly protoMaxBulkLen: number;
}

/**
 * The most arguments of a request. Redis 7 has no such bound but the range of an int; for a server in
 * JavaScript an array of 2^31 elements is out of reach, and trying would end the process.
 */
export const ARGUMENTS_MAX = 2 ** 24;

/** The longest inline request, and the longest line that announces a length, in bytes. */
export const LINE_BYTES_MAX = 64 * 1024;

/** The most arguments of a request from a client that has yet to authenticate itself. */
export const UNAUTHENTICATED_ARGUMENTS_MAX = 10;

/** The longest argument from such a client, in bytes. */
export const UNAUTHENTICATED_BULK_BYTES_MAX = 16 * 1024;

/**
 * An argument of at least so many bytes that has not arrived whole is received into a block of its
 * own, without a way through the receive buffer.
 */
export const BIG_BULK_BYTES = 32 * 1024;

/** The least that is allocated for such an argument at first, in bytes. */
export const BULK_GRANT_BYTES = 64 * 1024;

/**
 * How many bytes are allocated for each that has arrived. A header that promises 512 MiB thus costs
 * 128 KiB, and its sender has to keep a part of the promise before it costs more.
 */
export const BULK_GROWTH = 4;

/** A request of which so many arguments have been parsed is not parsed again when more arrives. */
export const KEPT_ARGUMENTS_MIN = 16;

/** For so many arguments room is made as soon as they are announced; for more, as they arrive. */
export const RESERVED_ARGUMENTS_MAX = 1024;
