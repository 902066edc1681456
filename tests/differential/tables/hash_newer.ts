import { table } from "../scenario.ts";

/** What Redis 7.4 brought for hashes, and of 8.0 what Keyrex has as well; replies as their documentation says. */
export const newerHashTable = table("hashes newer than 7.0", {
  "HINCRBYFLOAT refuses infinities before it looks at the key": [
    ["HINCRBYFLOAT h f inf", "-ERR value is NaN or Infinity"],
    ["HINCRBYFLOAT h f -inf", "-ERR value is NaN or Infinity"],
    ["EXISTS h", ":0"],
  ],
  "HGETDEL gives fields and removes them": [
    ["HSET h a 1 b 2 c 3", ":3"],
    ["HGETDEL h FIELDS 1 a", "[$1]"],
    ["HGETDEL h fields 3 a b b", "[nil, $2, nil]"],
    ["HGETALL h", "%[$c, $3]"],
    ["HGETDEL missing FIELDS 2 a b", "[nil, nil]"],
    ["HGETDEL h FIELDS 2 c d", "[$3, nil]"],
    ["EXISTS h", ":0"],
  ],
  "HGETDEL wants as many fields as it is told": [
    ["HGETDEL h FIELDS 2 a", "-ERR The `numfields` parameter must match the number of arguments"],
    ["HGETDEL h FIELDS 1 a b", "-ERR The `numfields` parameter must match the number of arguments"],
    ["HGETDEL h FIELDS 0 a", "-ERR Number of fields must be a positive integer"],
    ["HGETDEL h FIELDS -1 a", "-ERR Number of fields must be a positive integer"],
    ["HGETDEL h FIELDS x a", "-ERR Number of fields must be a positive integer"],
    [
      "HGETDEL h NOSUCH 1 a",
      "-ERR Mandatory argument FIELDS is missing or not at the right position",
    ],
    ["HGETDEL h FIELDS 1", "-ERR wrong number of arguments for 'hgetdel' command"],
    ["SET s v", "+OK"],
    ["HGETDEL s FIELDS 1 a", "-WRONGTYPE Operation against a key holding the wrong kind of value"],
  ],
  "HGETDEL takes fields out of a dict": [
    ["CONFIG SET hash-max-listpack-entries 1", "+OK"],
    ["HSET h a 1 b 2 c 3", ":3"],
    ["OBJECT ENCODING h", "$hashtable"],
    ["HGETDEL h FIELDS 4 a x c a", "[$1, nil, $3, nil]"],
    ["HGETALL h", "%[$b, $2]"],
  ],
  "HGETDEL tells of what it removes": [
    ["CONFIG SET notify-keyspace-events EA", "+OK"],
    ["HSET h a 1 b 2", ":2"],
    ["b> PSUBSCRIBE __key*__:*", ">[$psubscribe, $__key*__:*, :1]"],
    ["HGETDEL h FIELDS 2 a x", "[$1, nil]"],
    ["read b>", ">[$pmessage, $__key*__:*, $__keyevent@0__:hdel, $h]"],
    ["HGETDEL h FIELDS 1 x", "[nil]"],
    ["HGETDEL h FIELDS 1 b", "[$2]"],
    ["read b>", ">[$pmessage, $__key*__:*, $__keyevent@0__:hdel, $h]"],
    ["read b>", ">[$pmessage, $__key*__:*, $__keyevent@0__:del, $h]"],
  ],
}, { since: "7.4" });
