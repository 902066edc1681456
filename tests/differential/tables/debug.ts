import { table } from "../scenario.ts";

export const debugTable = table("debug", {
  "DEBUG DIGEST is equal for equal data, in any order of insertion": [
    ["DEBUG DIGEST", "+0000000000000000000000000000000000000000"],
    ["SET a 1", "+OK"],
    ["DEBUG DIGEST", "+943d800368fb9c0e951138f1bc0e313ac769d91f"],
    ['SET b "\\x00\\xff"', "+OK"],
    ["DEBUG DIGEST", "+934f912a677eda4d2b6f1ef10651866c75056114"],
    ["SELECT 5", "+OK"],
    ["SET a text", "+OK"],
    ["DEBUG DIGEST", "+772e197ba3e6e8c9741ac7f62b21b8d1aaa53871"],
    ["EXPIRE a 1000", ":1"],
    ["DEBUG DIGEST", "+6d33a543a3fed7824665aa866f23b72083b375e0"],
    ["PERSIST a", ":1"],
    ["SET a 12345", "+OK"],
    ["APPEND a 6", ":6"],
    ["DEBUG DIGEST", "+3f0585c94b1227dd85d15d33d59de32a54b777e2"],
    ["PFADD h x y z", ":1"],
    ["DEBUG DIGEST", "+03c0a3fd39f347f3462319083310bc8f088cca62"],
  ],
  "DEBUG DIGEST-VALUE tells a digest for each key": [
    ["SET a 1", "+OK"],
    ["SET b text", "+OK"],
    ["DEBUG DIGEST-VALUE a", "[+b4fc66738120fba0b5aa500ab5c2bf89cea1c5da]"],
    [
      "DEBUG DIGEST-VALUE a b missing",
      "[+b4fc66738120fba0b5aa500ab5c2bf89cea1c5da, +2ce3f57ae020966eb041fa6a47e5221ee0d42d6b, +0000000000000000000000000000000000000000]",
    ],
    ["EXPIRE a 1000", ":1"],
    ["DEBUG DIGEST-VALUE a", "[+5279988c5d1911f474bcbbf2f0a87012d40f8459]"],
    ["DEBUG DIGEST-VALUE", "[]"],
  ],
  "DEBUG OBJECT describes a key": [
    ["SET k v", "+OK"],
    ["DEBUG OBJECT k", null, "type"],
    ["DEBUG OBJECT missing", "-ERR no such key"],
    [
      "DEBUG OBJECT",
      "-ERR unknown subcommand or wrong number of arguments for 'OBJECT'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG POPULATE makes keys": [
    ["DEBUG POPULATE 3", "+OK"],
    ["DBSIZE", ":3"],
    ["MGET key:0 key:1 key:2 key:3", "[$value:0, $value:1, $value:2, nil]"],
    ["DEBUG POPULATE 2 pre", "+OK"],
    ["MGET pre:0 pre:1", "[$value:0, $value:1]"],
    ["DEBUG POPULATE 2 long 10", "+OK"],
    ["MGET long:0 long:1", '["value:0\\x00\\x00\\x00", "value:1\\x00\\x00\\x00"]'],
    ["SET keep:0 mine", "+OK"],
    ["DEBUG POPULATE 2 keep", "+OK"],
    ["MGET keep:0 keep:1", "[$mine, $value:1]"],
    ["DEBUG DIGEST", "+0a32664c97e4b0901d576504b34c3f0b97706f23"],
    ["DEBUG POPULATE x", "-ERR value is out of range, must be positive"],
    ["DEBUG POPULATE -1", "-ERR value is out of range, must be positive"],
    [
      "DEBUG POPULATE",
      "-ERR unknown subcommand or wrong number of arguments for 'POPULATE'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG SLEEP waits": [
    ["DEBUG SLEEP 0", "+OK"],
    ["DEBUG SLEEP 0.001", "+OK"],
    [
      "DEBUG SLEEP",
      "-ERR unknown subcommand or wrong number of arguments for 'SLEEP'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG SET-ACTIVE-EXPIRE stops and resumes active expiry": [
    ["DEBUG SET-ACTIVE-EXPIRE 0", "+OK"],
    ["PSETEX k 1 v", "+OK"],
    ["DEBUG SLEEP 0.005", "+OK"],
    ["DBSIZE", ":1"],
    ["GET k", "nil"],
    ["DBSIZE", ":0"],
    ["DEBUG SET-ACTIVE-EXPIRE 1", "+OK"],
  ],
  "DEBUG PROTOCOL sends each type of reply": [
    ["DEBUG PROTOCOL string", '"Hello World"'],
    ["DEBUG PROTOCOL integer", ":12345"],
    ["DEBUG PROTOCOL double", ",3.141"],
    ["DEBUG PROTOCOL null", "nil"],
    ["DEBUG PROTOCOL array", "[:0, :1, :2]"],
    ["DEBUG PROTOCOL set", "~[:0, :1, :2]"],
    ["DEBUG PROTOCOL map", "%[:0, #f, :1, #t, :2, #f]"],
    ["DEBUG PROTOCOL bignum", "(1234567999999999999999999999999999999"],
    ["DEBUG PROTOCOL true", "#t"],
    ["DEBUG PROTOCOL false", "#f"],
    "DEBUG PROTOCOL verbatim",
    [
      "DEBUG PROTOCOL nosuch",
      "-ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false",
    ],
    [
      "DEBUG PROTOCOL",
      "-ERR unknown subcommand or wrong number of arguments for 'PROTOCOL'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG PROTOCOL sends attributes and pushes": {
    protocols: [3],
    cases: [
      [
        "DEBUG PROTOCOL attrib",
        '|[$key-popularity, [$key:123, :90], "Some real reply following the attribute"]',
      ],
      ["DEBUG PROTOCOL push", ">[$server-cpu-usage, :42]"],
      ["PING", '"Some real reply following the push reply"'],
    ],
  },
  "DEBUG ERROR sends the error it is given": [
    ['DEBUG ERROR "ERR my own"', "-ERR my own"],
    ["DEBUG ERROR MYCODE", "-MYCODE"],
    ['DEBUG ERROR "CODE two\\r\\nlines"', "-CODE two  lines"],
    [
      "DEBUG ERROR",
      "-ERR unknown subcommand or wrong number of arguments for 'ERROR'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG STRINGMATCH-LEN matches a hard pattern in bounded time": [
    [
      "DEBUG STRINGMATCH-LEN 100 a*a*a*a*a*a*b",
      "-ERR unknown subcommand or wrong number of arguments for 'STRINGMATCH-LEN'. Try DEBUG HELP.",
    ],
    [
      "DEBUG STRINGMATCH-LEN 10 a*",
      "-ERR unknown subcommand or wrong number of arguments for 'STRINGMATCH-LEN'. Try DEBUG HELP.",
    ],
    [
      "DEBUG STRINGMATCH-LEN x a*",
      "-ERR unknown subcommand or wrong number of arguments for 'STRINGMATCH-LEN'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG LOG, HTSTATS and HTSTATS-KEY": [
    ["DEBUG LOG hello", "+OK"],
    ["DEBUG HTSTATS 0", null, "type"],
    ["DEBUG HTSTATS x", "-ERR value is not an integer or out of range"],
    ["DEBUG HTSTATS 16", "-ERR Out of range database"],
    ["SET k v", "+OK"],
    [
      "DEBUG HTSTATS-KEY k",
      "-ERR The value stored at the specified key is not represented using an hash table",
    ],
    ["DEBUG HTSTATS-KEY missing", "-ERR no such key"],
  ],
  "DEBUG's switches": [
    ["DEBUG PAUSE-CRON 1", "+OK"],
    ["DEBUG PAUSE-CRON 0", "+OK"],
    ["DEBUG QUICKLIST-PACKED-THRESHOLD 100b", "+OK"],
    [
      "DEBUG QUICKLIST-PACKED-THRESHOLD x",
      "-ERR argument must be a memory value bigger than 1 and smaller than 4gb",
    ],
    ["DEBUG QUICKLIST-PACKED-THRESHOLD 0", "+OK"],
    [
      "DEBUG REPLYBUFFER-PEAK-RESET-TIME never",
      "-ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER-PEAK-RESET-TIME'. Try DEBUG HELP.",
    ],
    [
      "DEBUG REPLYBUFFER-PEAK-RESET-TIME 100",
      "-ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER-PEAK-RESET-TIME'. Try DEBUG HELP.",
    ],
    [
      "DEBUG REPLYBUFFER-PEAK-RESET-TIME x",
      "-ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER-PEAK-RESET-TIME'. Try DEBUG HELP.",
    ],
    [
      "DEBUG REPLYBUFFER-PEAK-RESET-TIME reset",
      "-ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER-PEAK-RESET-TIME'. Try DEBUG HELP.",
    ],
    [
      "DEBUG REPLYBUFFER-RESIZING 0",
      "-ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER-RESIZING'. Try DEBUG HELP.",
    ],
    [
      "DEBUG REPLYBUFFER-RESIZING 1",
      "-ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER-RESIZING'. Try DEBUG HELP.",
    ],
    [
      "DEBUG DICT-RESIZING 0",
      "-ERR unknown subcommand or wrong number of arguments for 'DICT-RESIZING'. Try DEBUG HELP.",
    ],
    [
      "DEBUG DICT-RESIZING 1",
      "-ERR unknown subcommand or wrong number of arguments for 'DICT-RESIZING'. Try DEBUG HELP.",
    ],
  ],
  "DEBUG LISTPACK wants a listpack": [
    ["SET k v", "+OK"],
    ["DEBUG LISTPACK k", "-ERR Not a listpack encoded object."],
    ["DEBUG LISTPACK missing", "-ERR no such key"],
  ],
  "DEBUG CHANGE-REPL-ID and STRUCTSIZE and others of the real server": [
    ["DEBUG", "-ERR wrong number of arguments for 'debug' command"],
    [
      "DEBUG NOSUCH",
      "-ERR unknown subcommand or wrong number of arguments for 'NOSUCH'. Try DEBUG HELP.",
    ],
    ["DEBUG HELP", null, "ignore"],
    [
      "DEBUG HELP x",
      "-ERR unknown subcommand or wrong number of arguments for 'HELP'. Try DEBUG HELP.",
    ],
  ],
});
