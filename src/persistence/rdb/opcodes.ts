/**
 * The numbers of the RDB format (source: the headers `rdb.h` of Redis 2.0 to 7.4 and of Valkey 9, and
 * dumps of these servers). They lie on disks everywhere, so none of them may ever change here.
 *
 * A dump is a head, records, and a footer:
 *
 *   head      "REDIS" and four digits, or "VALKEY" and three: the version
 *   records   an opcode and what belongs to it; or a type, a key and a value of that type, in front of
 *             which opcodes may tell when the key expires and how it has been used
 *   footer    the opcode EOF; from version 5 on eight bytes of CRC64 follow, all zero for none
 */

/** The types of values; the numbers 22 and 23 mean something else under the two magics. */
export const RdbType = {
  STRING: 0,
  LIST: 1,
  SET: 2,
  ZSET: 3,
  HASH: 4,
  ZSET_2: 5,
  MODULE_PRE_GA: 6,
  MODULE_2: 7,
  HASH_ZIPMAP: 9,
  LIST_ZIPLIST: 10,
  SET_INTSET: 11,
  ZSET_ZIPLIST: 12,
  HASH_ZIPLIST: 13,
  LIST_QUICKLIST: 14,
  STREAM_LISTPACKS: 15,
  HASH_LISTPACK: 16,
  ZSET_LISTPACK: 17,
  LIST_QUICKLIST_2: 18,
  STREAM_LISTPACKS_2: 19,
  SET_LISTPACK: 20,
  STREAM_LISTPACKS_3: 21,
  HASH_METADATA_PRE_GA: 22,
  HASH_LISTPACK_EX_PRE_GA: 23,
  HASH_METADATA: 24,
  HASH_LISTPACK_EX: 25,
} as const;

/** Of Valkey 9, under its magic: a hash whose fields may expire. */
export const VALKEY_HASH_2 = 22;

export const Opcode = {
  /** Valkey: state of a slot's import. Redis 8.6: metadata of modules for the key that follows. */
  SLOT_IMPORT: 243,
  SLOT_INFO: 244,
  FUNCTION_2: 245,
  FUNCTION_PRE_GA: 246,
  MODULE_AUX: 247,
  IDLE: 248,
  FREQ: 249,
  AUX: 250,
  RESIZEDB: 251,
  EXPIRETIME_MS: 252,
  EXPIRETIME: 253,
  SELECTDB: 254,
  EOF: 255,
} as const;

/** What a module has written is a sequence of these, each followed by a value, up to EOF. */
export const ModuleOpcode = { EOF: 0, SINT: 1, UINT: 2, FLOAT: 3, DOUBLE: 4, STRING: 5 } as const;

/** Nodes of LIST_QUICKLIST_2: one element as it is, or a listpack of them. */
export const QuicklistContainer = { PLAIN: 1, PACKED: 2 } as const;

/** The two top bits of a length's first byte; ENCODED lengths are {@link StringEncoding}s. */
export const LengthForm = { BITS_6: 0, BITS_14: 1, LONG: 2, ENCODED: 3 } as const;
/** First bytes of the lengths that follow in 32 or 64 bits, high byte first. */
export const LENGTH_32 = 0x80;
export const LENGTH_64 = 0x81;

/** Strings that are not kept as their bytes. */
export const StringEncoding = { INT8: 0, INT16: 1, INT32: 2, LZF: 3 } as const;

/** The newest version that is known in all its parts, and the newest of Valkey. */
export const NEWEST_VERSION = 12;
export const VALKEY_VERSION = 80;
/**
 * The newest head that is accepted: that of Redis 8.10. What such a dump has of the usual types can be
 * read, and what is newer is refused where it stands.
 */
export const MAX_HEAD_VERSION = 16;
/** The versions that can be written. */
export const OLDEST_WRITTEN_VERSION = 9;

/** From this version on a checksum follows the end. */
export const CHECKSUM_SINCE_VERSION = 5;
export const CHECKSUM_BYTES = 8;

const TYPE_NAMES: readonly string[] = [
  "string",
  "list",
  "set",
  "zset",
  "hash",
  "zset-v2",
  "module-value-pre-ga",
  "module-value",
  "",
  "hash-zipmap",
  "list-ziplist",
  "set-intset",
  "zset-ziplist",
  "hash-ziplist",
  "quicklist",
  "stream",
  "hash-listpack",
  "zset-listpack",
  "quicklist-v2",
  "stream-v2",
  "set-listpack",
  "stream-v3",
  "hash-metadata-pre-ga",
  "hash-listpack-ex-pre-ga",
  "hash-metadata",
  "hash-listpack-ex",
  "stream-v4 of Redis 8.6",
  "stream-v5 of Redis 8.8",
  "array of Redis 8.8",
  "hash-template-listpack of Redis 8.10",
  "hash-template-listpack-ref of Redis 8.10",
  "hash-template-array of Redis 8.10",
  "hash-template-array-ref of Redis 8.10",
  "gcra of Redis 8.8",
];

/** Whether some server has values of this type. */
export function isNamedType(type: number): boolean {
  return type < TYPE_NAMES.length && TYPE_NAMES[type] !== "";
}

/** What a type is called, also one that cannot be read. */
export function typeName(type: number, isValkey: boolean): string {
  if (isValkey && type === VALKEY_HASH_2) return "hash-v2 of Valkey 9";
  return TYPE_NAMES[type] || `type ${type}`;
}
