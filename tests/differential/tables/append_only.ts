import { table } from "../scenario.ts";

export const appendOnlyTable = table("append only", {
  "BGREWRITEAOF in a transaction begins later": [
    ["MULTI", "+OK"],
    ["BGREWRITEAOF", "+QUEUED"],
    ["EXEC", "[+Background append only file rewriting scheduled]"],
    ["BGREWRITEAOF now", "-ERR wrong number of arguments for 'bgrewriteaof' command"],
  ],
});

/** Redis 7.2 and later; replies as its documentation says. */
export const newerAppendOnlyTable = table("append only, newer than 7.0", {
  "WAITAOF does not wait for a log that nobody writes": [
    [
      "WAITAOF 1 0 0",
      "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.",
    ],
    ["WAITAOF 0 0 0", "[:0, :0]"],
    ["WAITAOF 0 1 1", "[:0, :0]"],
    ["WAITAOF 2 0 0", "-ERR value is out of range, value must between 0 and 1"],
    ["WAITAOF -1 0 0", "-ERR value is out of range, value must between 0 and 1"],
    ["WAITAOF 0 -1 0", "-ERR value is out of range, must be positive"],
    ["WAITAOF x 0 0", "-ERR value is not an integer or out of range"],
    ["WAITAOF 0 0 -1", "-ERR timeout is negative"],
    ["WAITAOF 0 0 x", "-ERR timeout is not an integer or out of range"],
    ["WAITAOF 0 0", "-ERR wrong number of arguments for 'waitaof' command"],
  ],
  "WAITAOF waits for the disk": [
    ["CONFIG SET appendfsync always appendonly yes", "+OK"],
    ["SET k v", "+OK"],
    ["WAITAOF 1 0 0", "[:1, :0]"],
    ["MULTI", "+OK"],
    ["SET k v", "+QUEUED"],
    ["WAITAOF 1 0 0", "+QUEUED"],
    ["EXEC", "[+OK, [:0, :0]]"],
    ["WAITAOF 1 1 1", "[:1, :0]"],
    ["CONFIG SET appendfsync everysec", "+OK"],
    ["SET k w", "+OK"],
    ["WAITAOF 1 0 0", "[:1, :0]"],
    ["CONFIG SET appendonly no", "+OK"],
  ],
}, { since: "7.2" });
