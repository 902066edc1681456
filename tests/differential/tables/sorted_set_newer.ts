import { table } from "../scenario.ts";

/** What Redis 7.2 brought to sorted sets. */
export const newerSortedSetTable = table("newer sorted set", {
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
