/** What the random commands are: one rule a line, by command group. */
import type { Rule } from "./grammar.ts";

/** SET takes no moment in the past: redis-server keeps such a key until somebody looks, or it does. */
const strings: readonly Rule[] = [
  "SET <key> <value>",
  "SET <key> <value> [NX | XX] [GET] [EX <seconds> | PX <milliseconds> | EXAT <future> | PXAT <future-ms> | KEEPTTL]",
  "SET <key> <integer>",
  "SETNX <key> <value>",
  "SETEX <key> <seconds> <value>",
  "PSETEX <key> <milliseconds> <value>",
  "GET <anykey>",
  "GETSET <key> <value>",
  "GETDEL <key>",
  "GETEX <key> [EX <seconds> | PX <milliseconds> | EXAT <moment> | PXAT <moment-ms> | PERSIST]",
  "MGET <anykey>+",
  "MSET (<key> <value>)+",
  "MSETNX (<key> <value>)+",
  "APPEND <key> <value>",
  "STRLEN <anykey>",
  "GETRANGE <anykey> <index> <index>",
  "SUBSTR <anykey> <index> <index>",
  "SETRANGE <key> <offset> <value>",
  "INCR <key>",
  "DECR <key>",
  "INCRBY <key> <integer>",
  "DECRBY <key> <integer>",
  "INCRBYFLOAT <key> <float>",
  "LCS <key> <key> [LEN | IDX [MINMATCHLEN <integer>] [WITHMATCHLEN]]",
];

const generic: readonly Rule[] = [
  "DEL <anykey>+",
  "UNLINK <anykey>",
  "EXISTS <anykey>+",
  "TOUCH <anykey>+",
  "TYPE <anykey>",
  "EXPIRE <anykey> <seconds> [NX | XX | GT | LT | XX GT | XX LT | NX GT]",
  "PEXPIRE <anykey> <milliseconds> [NX | XX | GT | LT]",
  "EXPIREAT <anykey> <moment> [NX | XX | GT | LT]",
  "PEXPIREAT <anykey> <moment-ms> [NX | XX | GT | LT]",
  "PERSIST <anykey>",
  ["TTL <anykey>", "ttl"],
  ["PTTL <anykey>", "pttl"],
  ["EXPIRETIME <anykey>", "ttl"],
  ["PEXPIRETIME <anykey>", "pttl"],
  "RENAME <anykey> <anykey>",
  "RENAMENX <anykey> <anykey>",
  "COPY <anykey> <anykey> [DB <db>] [REPLACE]",
  "MOVE <anykey> <db>",
  ["KEYS <pattern>", "unordered"],
  ["SCAN 0 [MATCH <pattern>] [TYPE (string | list | nosuch)] COUNT 1000", "unordered"],
  ["RANDOMKEY", "type"],
  ["OBJECT ENCODING <anykey>", "encoding"],
  "OBJECT FREQ <anykey>",
  ["OBJECT REFCOUNT <anykey>", "type"],
  ["OBJECT IDLETIME <anykey>", "type"],
];

const bitmaps: readonly Rule[] = [
  "SETBIT <bitkey> <bitoffset> <bit>",
  "GETBIT <bitkey> <bitoffset>",
  "BITCOUNT <bitkey> [<bitindex> <bitindex> [BYTE | BIT]]",
  "BITPOS <bitkey> <bit> [<bitindex> [<bitindex> [BYTE | BIT]]]",
  "BITOP (AND | OR | XOR) <bitkey> <bitkey>+",
  "BITOP NOT <bitkey> <bitkey>",
  "BITFIELD <bitkey> (GET <bitfieldtype> <bitfieldoffset> | SET <bitfieldtype> <bitfieldoffset> <integer> | INCRBY <bitfieldtype> <bitfieldoffset> <integer> | OVERFLOW (WRAP | SAT | FAIL))*",
  "BITFIELD_RO <bitkey> (GET <bitfieldtype> <bitfieldoffset>)*",
];

const hyperloglogs: readonly Rule[] = [
  "PFADD <hllkey> <element>*",
  "PFADD <hllkey> <element>+ <element>+ <element>+",
  "PFCOUNT <hllkey>+",
  "PFMERGE <hllkey> <hllkey>*",
  "PFDEBUG ENCODING <hllkey>",
];

const lists: readonly Rule[] = [
  "LPUSH <listkey> <listelement>+",
  "RPUSH <listkey> <listelement>+",
  "RPUSH <listkey> <listelement>+ <listelement>+ <listelement>+ <listelement>+",
  "LPUSHX <listkey> <listelement>+",
  "RPUSHX <listkey> <listelement>+",
  "LPOP <listkey> [<popcount>]",
  "RPOP <listkey> [<popcount>]",
  "LLEN <listkey>",
  "LINDEX <listkey> <index>",
  "LRANGE <listkey> <index> <index>",
  "LSET <listkey> <index> <listelement>",
  "LSET <listkey> <trimindex> <listelement>",
  "LINSERT <listkey> (BEFORE | AFTER) <listelement> <listelement>",
  "LREM <listkey> <index> <listelement>",
  "LTRIM <listkey> <trimindex> <trimindex>",
  "LPOS <listkey> <listelement> [RANK <rank>] [COUNT <popcount>] [MAXLEN <popcount>]",
  "LMOVE <listkey> <listkey> (LEFT | RIGHT) (LEFT | RIGHT)",
  "RPOPLPUSH <listkey> <listkey>",
  "LMPOP <numkeys> <listkey>+ (LEFT | RIGHT) [COUNT <popcount>]",
  "LMPOP (1 <listkey> | 2 <listkey> <listkey>) (LEFT | RIGHT) [COUNT <popcount>]",
];

const hashes: readonly Rule[] = [
  "HSET <hashkey> (<field> <value>)+",
  "HSET <hashkey> (<field> <integer>)+",
  "HMSET <hashkey> (<field> <value>)+",
  "HSETNX <hashkey> <field> <value>",
  "HGET <hashkey> <field>",
  "HMGET <hashkey> <field>+",
  ["HGETALL <hashkey>", "pairs"],
  ["HKEYS <hashkey>", "unordered"],
  ["HVALS <hashkey>", "unordered"],
  "HLEN <hashkey>",
  "HEXISTS <hashkey> <field>",
  "HDEL <hashkey> <field>+",
  "HSTRLEN <hashkey> <field>",
  "HINCRBY <hashkey> <field> <integer>",
  "HINCRBYFLOAT <hashkey> <field> <finite>",
  ["HRANDFIELD <hashkey>", "type"],
  ["HRANDFIELD <hashkey> <fieldcount> [WITHVALUES]", "shape"],
  ["HSCAN <hashkey> 0 [MATCH <pattern>] COUNT 1000", "unordered"],
];

/** Their turn comes so seldom that keys have time to meet in the database that is selected. */
const databases: readonly Rule[] = [
  "SELECT <db>",
  "SWAPDB <db> <db>",
  "FLUSHDB [ASYNC | SYNC]",
];

const connections: readonly Rule[] = [
  "PING [<value>]",
  "ECHO <value>",
  "CLIENT SETNAME <name>",
  "CLIENT GETNAME",
  ["CLIENT INFO", "client-info"],
];

const servers: readonly Rule[] = [
  "DBSIZE",
  "COMMAND GETKEYS MSET (<key> <value>)+",
  "DEBUG DIGEST-VALUE <anykey>+",
  ["MEMORY USAGE <anykey>", "type"],
];

/** SPOP takes all members or none: which ones it takes is each server's choice. */
const sets: readonly Rule[] = [
  "SADD <setkey> <member>+",
  "SADD <setkey> <member>+ <member>+ <member>+",
  "SREM <setkey> <member>+",
  "SCARD <setkey>",
  "SISMEMBER <setkey> <member>",
  "SMISMEMBER <setkey> <member>+",
  ["SMEMBERS <setkey>", "unordered"],
  "SMOVE <setkey> <setkey> <member>",
  ["SPOP <setkey> (0 | 100000)", "unordered"],
  ["SRANDMEMBER <setkey>", "type"],
  ["SRANDMEMBER <setkey> <fieldcount>", "shape"],
  ["SSCAN <setkey> 0 [MATCH <pattern>] COUNT 1000", "unordered"],
  ["SINTER <setkey>+", "unordered"],
  "SINTERSTORE <setkey> <setkey>+",
  "SINTERCARD <numkeys> <setkey>+ [LIMIT <popcount>]",
  "SINTERCARD (1 <setkey> | 2 <setkey> <setkey>) [LIMIT <popcount>]",
  ["SUNION <setkey>+", "unordered"],
  "SUNIONSTORE <setkey> <setkey>+",
  ["SDIFF <setkey>+", "unordered"],
  "SDIFFSTORE <setkey> <setkey>+",
];

/**
 * Ranges of members are asked of sets with equal scores alone: of others they are no order. What may
 * come in any order is not damaged, either: another score, or the option that came with ZRANK in 7.2.
 */
const sortedSets: readonly Rule[] = [
  "ZADD <zkey> [NX | XX | GT | LT | XX GT | NX LT] [CH] (<score> <zmember>)+",
  "ZADD <zkey> (<score> <zmember>)+ (<score> <zmember>)+ (<score> <zmember>)+",
  "ZADD <zkey> [NX | XX | GT | LT] INCR <score> <zmember>",
  ["ZADD <lexkey> (0 <zmember>)+ (0 <zmember>)+", "unordered"],
  "ZINCRBY <zkey> <score> <zmember>",
  "ZREM (<zkey> | <lexkey>) <zmember>+",
  "ZCARD <zkey>",
  "ZSCORE <zkey> <zmember>",
  "ZMSCORE <zkey> <zmember>+",
  ["(ZRANK | ZREVRANK) <zkey> <zmember>", "unordered"],
  "ZCOUNT <zkey> <scorebound> <scorebound>",
  "ZLEXCOUNT <lexkey> <lexbound> <lexbound>",
  "ZRANGE <zkey> <zrank> <zrank> [REV] [WITHSCORES] [LIMIT <zrank> <zrank>]",
  "ZRANGE <zkey> <scorebound> <scorebound> BYSCORE [REV] [LIMIT <zrank> <zrank>] [WITHSCORES]",
  "ZRANGE <lexkey> <lexbound> <lexbound> BYLEX [REV] [LIMIT <zrank> <zrank>]",
  "ZREVRANGE <zkey> <zrank> <zrank> [WITHSCORES]",
  "(ZRANGEBYSCORE | ZREVRANGEBYSCORE) <zkey> <scorebound> <scorebound> [WITHSCORES] [LIMIT <zrank> <zrank>]",
  "(ZRANGEBYLEX | ZREVRANGEBYLEX) <lexkey> <lexbound> <lexbound> [LIMIT <zrank> <zrank>]",
  "ZREMRANGEBYRANK <zkey> <zrank> <zrank>",
  "ZREMRANGEBYSCORE <zkey> <scorebound> <scorebound>",
  "ZREMRANGEBYLEX <lexkey> <lexbound> <lexbound>",
  "(ZPOPMIN | ZPOPMAX) <zkey> [<popcount>]",
  "ZMPOP <numkeys> <zkey>+ (MIN | MAX) [COUNT <popcount>]",
  "ZMPOP (1 <zkey> | 2 <zkey> <zkey>) (MIN | MAX) [COUNT <popcount>]",
  ["ZRANDMEMBER <zkey>", "type"],
  "(ZUNION | ZINTER) <numkeys> (<zkey> | <setkey>)+ [WEIGHTS <score> <score>] [AGGREGATE (SUM | MIN | MAX)] [WITHSCORES]",
  "(ZUNION | ZINTER) 2 <zkey> (<zkey> | <setkey>) [WEIGHTS <score> <score>] [WITHSCORES]",
  "ZDIFF <numkeys> (<zkey> | <setkey>)+ [WITHSCORES]",
  "ZDIFF (1 <zkey> | 2 <zkey> (<zkey> | <setkey>)) [WITHSCORES]",
  "(ZUNIONSTORE | ZINTERSTORE) <zkey> 2 <zkey> (<zkey> | <setkey>) [WEIGHTS <score> <score>] [AGGREGATE (SUM | MIN | MAX)]",
  "ZDIFFSTORE <zkey> 2 <zkey> (<zkey> | <setkey>)",
  "ZINTERCARD <numkeys> (<zkey> | <setkey>)+ [LIMIT <popcount>]",
  "ZINTERCARD (1 <zkey> | 2 <zkey> (<zkey> | <setkey>)) [LIMIT <popcount>]",
  "ZRANGESTORE <zkey> <zkey> <zrank> <zrank> [REV]",
  "ZRANGESTORE <zkey> <zkey> <scorebound> <scorebound> BYSCORE [REV] [LIMIT <zrank> <zrank>]",
  ["ZSCAN <zkey> 0 [MATCH <pattern>] COUNT 1000", "unordered"],
];

/** No ID is of the time, which the servers read at different moments. */
const streams: readonly Rule[] = [
  "XADD <xkey> [NOMKSTREAM] <xnewid> <field> <value>",
  "XADD <xkey> <xnewid> a <integer> b <integer>",
  "XADD <xkey> [(MAXLEN | MINID) [~ | =] <popcount> [LIMIT <popcount>]] <xnewid> (<field> <value>)+",
  "XLEN <xkey>",
  "XRANGE <xkey> <xbound> <xbound> [COUNT <popcount>]",
  "XRANGE <xkey> - +",
  "XREVRANGE <xkey> <xbound> <xbound> [COUNT <popcount>]",
  "XREVRANGE <xkey> + -",
  "XDEL <xkey> <xid>+",
  "XTRIM <xkey> MAXLEN [~ | =] <popcount> [LIMIT <popcount>]",
  "XTRIM <xkey> MINID [~ | =] <xid> [LIMIT <popcount>]",
  "XSETID <xkey> <xid> [ENTRIESADDED <xcount>] [MAXDELETEDID <xid>]",
  "XSETID <xkey> 40-40 [ENTRIESADDED <xcount> MAXDELETEDID <xid>]",
  ["XREAD [COUNT <popcount>] STREAMS <xkey> <xid>", "unbalanced"],
  ["XREAD [COUNT <popcount>] STREAMS <xkey> <xkey> <xid> <xid>", "unbalanced"],
  ["XINFO STREAM <xkey> [FULL [COUNT <popcount>]]", "groups"],
  "(DEL | EXISTS | TYPE) <xkey>",
  "COPY <xkey> <xkey> REPLACE",
];

/** Distances are not stored: their last bits are not always redis-server's. */
const geo: readonly Rule[] = [
  "GEOADD <geokey> [NX | XX] [CH] (<longitude> <latitude> <zmember>)+",
  "GEOADD <geokey> (<longitude> <latitude> <zmember>)+ (<longitude> <latitude> <zmember>)+",
  "GEOADD <geokey> [NX | XX] [CH] (<near-longitude> <near-latitude> <zmember>)+",
  "GEOADD <geokey> (<near-longitude> <near-latitude> <zmember>)+ (<near-longitude> <near-latitude> <zmember>)+",
  "ZADD <geokey> <score> <zmember>",
  "ZADD <geokey> <geoscore> <zmember>",
  "ZREM <geokey> <zmember>",
  "DEL <geokey>",
  "GEODIST <geokey> <zmember> <zmember> [<unit>]",
  "GEOPOS <geokey> <zmember>*",
  "GEOHASH <geokey> <zmember>*",
  "(GEORADIUS | GEORADIUS_RO) <geokey> <longitude> <latitude> <distance> <unit> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT <popcount> [ANY]] [ASC | DESC]",
  "(GEORADIUS | GEORADIUS_RO) <geokey> <near-longitude> <near-latitude> <near-distance> KM [WITHCOORD] [WITHDIST] [COUNT <popcount> [ANY]] [ASC | DESC]",
  "(GEORADIUSBYMEMBER | GEORADIUSBYMEMBER_RO) <geokey> <zmember> <distance> <unit> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT <popcount> [ANY]] [ASC | DESC]",
  "GEORADIUS <geokey> <longitude> <latitude> <distance> <unit> [COUNT <popcount>] STORE <geokey>",
  "GEORADIUSBYMEMBER <geokey> <zmember> <distance> <unit> [ASC] [COUNT <popcount>] STORE <geokey>",
  "GEOSEARCH <geokey> (FROMMEMBER <zmember> | FROMLONLAT <longitude> <latitude>) (BYRADIUS <distance> <unit> | BYBOX <distance> <distance> <unit>) [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT <popcount> [ANY]] [ASC | DESC]",
  "GEOSEARCH <geokey> (FROMMEMBER <zmember> | FROMLONLAT <near-longitude> <near-latitude>) (BYRADIUS <near-distance> km | BYBOX <near-distance> <near-distance> km) [WITHDIST] [COUNT <popcount> [ANY]] [ASC | DESC]",
  "GEOSEARCHSTORE <geokey> <geokey> (FROMMEMBER <zmember> | FROMLONLAT <longitude> <latitude>) (BYRADIUS <distance> <unit> | BYBOX <distance> <distance> <unit>) [COUNT <popcount> [ANY]] [ASC | DESC]",
  "ZRANGE <geokey> 0 -1 WITHSCORES",
];

/** Idle times are either next to nothing or beyond what a run takes, so that clocks decide nothing. */
const streamGroups: readonly Rule[] = [
  "XGROUP CREATE <xkey> <xgroup> (<xid> | $ | 0) [MKSTREAM] [ENTRIESREAD <xcount>]",
  "XGROUP CREATE <xkey> <xgroup> 0 MKSTREAM",
  "XGROUP CREATE <xkey> <xgroup> 0 MKSTREAM",
  "XGROUP CREATE <xkey> <xgroup> <xid> MKSTREAM",
  "XGROUP SETID <xkey> <xgroup> (<xid> | $) [ENTRIESREAD <xcount>]",
  ["XGROUP CREATECONSUMER <xkey> <xgroup> <consumer>", "type"],
  ["XGROUP CREATECONSUMER <xkey> <xgroup> <consumer>", "type"],
  "XGROUP DELCONSUMER <xkey> <xgroup> <consumer>",
  "XGROUP DESTROY <xkey> <xgroup>",
  [
    "XREADGROUP GROUP <xgroup> <consumer> [COUNT <popcount>] [NOACK] STREAMS <xkey> >",
    "unbalanced",
  ],
  ["XREADGROUP GROUP <xgroup> <consumer> COUNT 2 STREAMS <xkey> >", "unbalanced"],
  ["XREADGROUP GROUP <xgroup> <consumer> COUNT 3 STREAMS <xkey> <xkey> > >", "unbalanced"],
  ["XREADGROUP GROUP <xgroup> <consumer> [COUNT <popcount>] STREAMS <xkey> <xid>", "unbalanced"],
  [
    "XREADGROUP [COUNT <popcount>] GROUP <xgroup> <consumer> STREAMS <xkey> <xkey> <xid> >",
    "unbalanced",
  ],
  "XACK <xkey> <xgroup> <xid>+",
  "XPENDING <xkey> <xgroup>",
  [
    "XPENDING <xkey> <xgroup> [IDLE <xminidle>] <xbound> <xbound> <popcount> [<consumer>]",
    "groups",
  ],
  ["XPENDING <xkey> <xgroup> - + 100", "groups"],
  "XCLAIM <xkey> <xgroup> <consumer> <xminidle> <xid>+ [IDLE <xminidle> | TIME <xcount>] [RETRYCOUNT <xcount>] [FORCE] [JUSTID] [LASTID <xid>]",
  "XCLAIM <xkey> <xgroup> <consumer> 0 <xid>+ FORCE",
  "XAUTOCLAIM <xkey> <xgroup> <consumer> <xminidle> <xbound> [COUNT <popcount>] [JUSTID]",
  "XAUTOCLAIM <xkey> <xgroup> <consumer> 0 - COUNT 2",
  ["XINFO GROUPS <xkey>", "groups"],
  ["XINFO CONSUMERS <xkey> <xgroup>", "groups"],
];

/**
 * Lists alone are sorted by other keys: of sets, these would be looked up, and events told of them, in
 * the order of a hash table. Sorted sets are left out: redis-server changes their encoding on the way.
 * Numbers are integers in lists: others redis-server refuses when the last number it has read, of any
 * command, was out of range.
 */
const sorts: readonly Rule[] = [
  "RPUSH <numberlist> <smallinteger>+ <smallinteger>+ <smallinteger>+",
  "RPUSH <numberlist> <smallinteger>+ <smallinteger>+ <smallinteger>+ <smallinteger>+",
  "RPUSH <wordlist> <smallinteger>+ <listelement>+",
  "SADD <numberset> <smallinteger>+ <smallinteger>+",
  "DEL (<numberlist> | <wordlist> | <numberset>)",
  "SET <sortweight> <smallinteger>",
  "HSET <sorthash> field <smallinteger>",
  "(SORT | SORT_RO) <numberlist> [LIMIT <trimindex> <popcount>] [ASC | DESC] [GET # | GET <getpattern>]",
  "(SORT | SORT_RO) (<numberlist> | <wordlist> | <numberset>) ALPHA [LIMIT <trimindex> <popcount>] [ASC | DESC] [GET <getpattern>] [GET <getpattern>]",
  "SORT (<numberlist> | <wordlist>) BY <sortpattern> [LIMIT <popcount> <popcount>] [ASC | DESC] [GET <getpattern>] [GET #]",
  "SORT <numberlist> BY <sortpattern> LIMIT <smallinteger> <smallinteger> [ASC | DESC] [ALPHA]",
  "SORT (<numberlist> | <wordlist>) BY <getpattern> ALPHA [LIMIT <popcount> <popcount>] [ASC | DESC] [GET <getpattern>]",
  "SORT (<numberlist> | <wordlist>) BY nosort [LIMIT <trimindex> <popcount>] [ASC | DESC] [GET <getpattern>]",
  ["SORT <numberset> BY nosort", "unordered"],
  "SORT <numberset> ALPHA [BY nosort] [LIMIT <popcount> <popcount>] [ASC | DESC] STORE <listkey>",
  "SORT <numberlist> [BY nosort] [LIMIT <popcount> <popcount>] [ASC | DESC] STORE <listkey>",
  "SORT (<numberlist> | <wordlist>) ALPHA [BY <getpattern>] [GET <getpattern>] [LIMIT <popcount> <popcount>] STORE <listkey>",
];

interface Group {
  /** How often its turn comes, in steps of 0.05. */
  readonly weight: number;
  readonly rules: readonly Rule[];
}

const dataGroups: readonly Group[] = [
  { weight: 8, rules: strings },
  { weight: 6, rules: generic },
  { weight: 4, rules: bitmaps },
  { weight: 2, rules: hyperloglogs },
  { weight: 5, rules: lists },
  { weight: 5, rules: hashes },
  { weight: 5, rules: sets },
  { weight: 5, rules: sortedSets },
  { weight: 5, rules: streams },
  { weight: 4, rules: geo },
  { weight: 5, rules: streamGroups },
  { weight: 3, rules: sorts },
  { weight: 1, rules: connections },
  { weight: 1, rules: servers },
  { weight: 0.05, rules: databases },
];

/** Commands that take more arguments since 7.2, and words that are commands of Redis, too. */
const NOT_TO_BE_TRIED = /ZRANK|ZREVRANK|SYNC/;

/** What users may do, and whether they may run any command of the other groups. */
const accessControl: readonly Rule[] = [
  "ACL SETUSER <user> <aclrule>+",
  "ACL SETUSER <user> reset <aclrule>+",
  "ACL SETUSER <user> reset +@all <aclrule>+ <aclrule>+",
  ...dataGroups.flatMap(({ rules }) => rules)
    .map((rule) => typeof rule === "string" ? rule : rule[0])
    .filter((grammar) => !NOT_TO_BE_TRIED.test(grammar))
    .map((grammar): Rule => [`ACL DRYRUN <user> (${grammar})`, "noperm"]),
];

export const groups: readonly Group[] = [...dataGroups, { weight: 6, rules: accessControl }];
