import { table } from "../scenario.ts";

/** What Redis 7.2 and 7.4 brought and redis-server 7.0 lacks; replies as their documentation says. */
export const newerTable = table("newer than 7.0", {
  "CLIENT SETINFO tells the library": [
    ["CLIENT SETINFO LIB-NAME mylib", "+OK"],
    ["CLIENT SETINFO lib-ver 1.2.3", "+OK"],
    [
      'CLIENT SETINFO LIB-NAME "my lib"',
      "-ERR lib-name cannot contain spaces, newlines or special characters.",
    ],
    [
      'CLIENT SETINFO LIB-VER "1\\n2"',
      "-ERR lib-ver cannot contain spaces, newlines or special characters.",
    ],
    ["CLIENT SETINFO NOSUCH x", "-ERR Unrecognized option 'NOSUCH'"],
    ["CLIENT SETINFO LIB-NAME", "-ERR wrong number of arguments for 'client|setinfo' command"],
    ['CLIENT SETINFO LIB-NAME ""', "+OK"],
  ],
  "CLIENT NO-TOUCH takes ON and OFF": [
    ["CLIENT NO-TOUCH ON", "+OK"],
    ["CLIENT NO-TOUCH off", "+OK"],
    ["CLIENT NO-TOUCH maybe", "-ERR syntax error"],
    ["CLIENT NO-TOUCH", "-ERR wrong number of arguments for 'client|no-touch' command"],
  ],
  "CLIENT KILL MAXAGE spares young connections": [
    ["b> PING", "+PONG"],
    ["CLIENT KILL MAXAGE 100000", ":0"],
    ["b> PING", "+PONG"],
    ["CLIENT KILL MAXAGE x", "-ERR maxage is not an integer or out of range"],
    ["CLIENT KILL MAXAGE 0", "-ERR maxage should be greater than 0"],
    ["CLIENT KILL MAXAGE -1", "-ERR maxage should be greater than 0"],
  ],
  "DEBUG DICT-RESIZING keeps the tables as they are": [
    ["DEBUG DICT-RESIZING 0", "+OK"],
    ["DEBUG POPULATE 1000", "+OK"],
    ["DBSIZE", ":1000"],
    ["MGET key:0 key:999", "[$value:0, $value:999]"],
    ["DEBUG DICT-RESIZING 1", "+OK"],
    ["SET k v", "+OK"],
    ["DBSIZE", ":1001"],
    [
      "DEBUG DICT-RESIZING",
      "-ERR unknown subcommand or wrong number of arguments for 'DICT-RESIZING'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG HTSTATS tells more when asked in full": [
    ["SET k v", "+OK"],
    ["DEBUG HTSTATS 0 full", null, "type"],
    [
      "DEBUG HTSTATS 0 half",
      "-ERR unknown subcommand or wrong number of arguments for 'HTSTATS'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG STRINGMATCH-LEN matches a string, however hard the pattern": [
    ["DEBUG STRINGMATCH-LEN a* abc", ":1"],
    ["DEBUG STRINGMATCH-LEN b* abc", ":0"],
    [
      "DEBUG STRINGMATCH-LEN a*a*a*a*a*a*a*a*a*b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac",
      ":0",
    ],
    [
      "DEBUG STRINGMATCH-LEN a*",
      "-ERR unknown subcommand or wrong number of arguments for 'STRINGMATCH-LEN'. Try DEBUG HELP.",
    ],
  ],
  "CONFIG SET knows a level at which nothing is logged": [
    [
      "CONFIG SET loglevel nosuch",
      "-ERR CONFIG SET failed (possibly related to argument 'loglevel') - argument(s) must be one of the following: debug, verbose, notice, warning, nothing",
    ],
  ],
  "LPOS refuses the one RANK that has no opposite": [
    ["RPUSH l a", ":1"],
    [
      "LPOS l a RANK -9223372036854775808",
      "-ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
    ],
    ["LPOS l a RANK -9223372036854775807", "nil"],
  ],
  "A list is a listpack while it fits into one node, and again when it fits into half of one": [
    ["CONFIG SET list-max-listpack-size 4", "+OK"],
    ["RPUSH l a b c d", ":4"],
    ["OBJECT ENCODING l", "$listpack"],
    ["RPUSH l e", ":5"],
    ["OBJECT ENCODING l", "$quicklist"],
    ["RPOP l 2", "[$e, $d]"],
    ["OBJECT ENCODING l", "$quicklist"],
    ["LTRIM l 0 1", "+OK"],
    ["OBJECT ENCODING l", "$listpack"],
    ["CONFIG SET list-max-listpack-size -1", "+OK"],
    [`LSET l 0 ${"x".repeat(4100)}`, "+OK"],
    ["OBJECT ENCODING l", "$quicklist"],
    ["LSET l 0 y", "+OK"],
    ["LREM l 0 b", ":1"],
    ["OBJECT ENCODING l", "$listpack"],
    ["LRANGE l 0 -1", "[$y]"],
  ],
  "HSCAN leaves the values out when told so": [
    ["HSET h a 1 b 2", ":2"],
    ["HSCAN h 0 NOVALUES", "[$0, [$a, $b]]"],
    ["HSCAN h 0 MATCH b COUNT 10 novalues", "[$0, [$b]]"],
    ["HSCAN h 0 NOVALUES 1", "-ERR syntax error"],
    ["SCAN 0 NOVALUES", "-ERR NOVALUES option can only be used in HSCAN"],
    ["CONFIG SET hash-max-listpack-entries 1", "+OK"],
    ["HSET h c 3", ":1"],
    ["HSCAN h 0 NOVALUES COUNT 100", "[$0, [$a, $b, $c]]", "unordered"],
    ["HSCAN h 0 COUNT 100 MATCH b", "[$0, [$b, $2]]"],
  ],
  "ZRANK and ZREVRANK give the score, too": [
    ["ZADD z 1 a 2.5 b", ":2"],
    ["ZRANK z b WITHSCORE", "[:1, ,2.5]"],
    ["ZREVRANK z b withscore", "[:0, ,2.5]"],
    ["ZRANK z nosuch WITHSCORE", "nil[]"],
    ["ZRANK z b WITHSCORES", "-ERR syntax error"],
    ["ZRANK z b WITHSCORE x", "-ERR wrong number of arguments for 'zrank' command"],
    ["ZREVRANK z b WITHSCORE x", "-ERR wrong number of arguments for 'zrevrank' command"],
  ],
}, { since: "7.2" });
