import { assertEquals } from "@std/assert";
import { type NormaliserName, normalisers } from "./normalisers.ts";
import { parseReply } from "./reply_notation.ts";

const examples: [name: NormaliserName, a: string, b: string, same: boolean][] = [
  ["ttl", ":100", ":98", true],
  ["ttl", ":100", ":50", false],
  ["ttl", ":-1", ":-2", false],
  ["ttl", ":0", ":-2", false],
  ["ttl", "$100", "$99", false],
  ["pttl", ":100000", ":99000", true],
  ["pttl", ":100000", ":90000", false],
  ["unordered", "[$a, $b]", "[$b, $a]", true],
  ["unordered", "[$a, $b]", "[$b, $b]", false],
  ["unordered", "[$0, [$a, $b]]", "[$0, [$b, $a]]", true],
  ["unordered", "[$0, [$a]]", "[$7, [$a]]", false],
  ["unordered", "%[$a, :1, $b, :2]", "%[$b, :2, $a, :1]", true],
  ["pairs", "[$a, :1, $b, :2]", "[$b, :2, $a, :1]", true],
  ["pairs", "[$a, :1, $b, :2]", "[$a, :2, $b, :1]", false],
  ["encoding", "$listpack", "$quicklist", true],
  ["encoding", "$listpack", "$hashtable", true],
  ["encoding", "$intset", "$hashtable", false],
  ["list-encoding", "$listpack", "$quicklist", true],
  ["list-encoding", "$listpack", "$hashtable", false],
  ["set-encoding", "$listpack", "$hashtable", true],
  ["set-encoding", "$listpack", "$intset", false],
  ["info-keyspace", "$db0:keys=1,avg_ttl=0,subexpiry=2", "$db0:keys=1,avg_ttl=0", true],
  ["info-keyspace", "$db0:keys=2,avg_ttl=0,subexpiry=2", "$db0:keys=1,avg_ttl=0", false],
  ["groups", "[$name, $c, $idle, :5]", "[$name, $c, $idle, :9, $inactive, :-1]", true],
  ["groups", "[$name, $c, $idle, :5]", "[$name, $d, $idle, :5]", false],
  ["groups", "[$pending, :1]", "[$pending, :2]", false],
  ["groups", "[[$1-0, $c, :20, :1]]", "[[$1-0, $c, :30, :1]]", true],
  ["groups", "[[$1-0, $c, :20, :1]]", "[[$1-0, $c, :500000, :1]]", false],
  ["groups", "[[$1-0, $c, :20, :1]]", "[[$1-0, $c, :20, :2]]", false],
  ["groups", "[$1-0, :1700000000000]", "[$1-0, :1700000000009]", true],
  ["shape", "[$1, [:2]]", "[$7, [:8]]", true],
  ["shape", "[$1, [:2]]", "[$7, [$8]]", false],
  ["type", ":1", ":2", true],
  ["type", ":1", "-ERR", false],
  ["ignore", ":1", "-ERR", true],
  ["error-code", "-ERR a", "-ERR b", true],
  ["error-code", "-ERR a", "-OOM a", false],
  ["error-code", ":1", ":2", false],
  ["hello", "%[$server, $redis, $proto, :2]", "%[$server, $keyrex, $proto, :2]", true],
  ["hello", "%[$id, :1, $proto, :2]", "%[$id, :7, $proto, :3]", false],
  [
    "command-info",
    "[[$get, :2, [+a, +b], :1, :1, :1, [], [$tip], [[$notes, $n, $flags, [+RO]]], [$x]]]",
    "[[$get, :2, [+b, +a], :1, :1, :1, [], [], [[$flags, [+RO]]], []]]",
    true,
  ],
  ["command-info", "[[$get, :2, [+a]]]", "[[$get, :3, [+a]]]", false],
  ["client-info", "$id=1 name=x age=3", "$id=9 name=x age=0", true],
  ["client-info", "$id=1 name=x age=3", "$id=9 name=y age=0", false],
  ["client-info", "$id=1 name=x", "$name=x id=1", false],
  ["client-info", "$multi=-1 resp=2", "$multi=-1 watch=0 resp=2 lib-name= lib-ver=", true],
  ["slowlog", "[[:1, :2, :3, [$GET], $a, $b]]", "[[:4, :5, :6, [$GET], $c, $b]]", true],
  ["slowlog", "[[:1, :2, :3, [$GET], $a, $b]]", "[[:1, :2, :3, [$SET], $a, $b]]", false],
  ["monitor", '+1.5 [0 127.0.0.1:5] "GET"', '+2.5 [0 127.0.0.1:6] "GET"', true],
  ["monitor", '+1.5 [0 127.0.0.1:5] "GET"', '+1.5 [1 127.0.0.1:5] "GET"', false],
  ["info", "$# Server\r\na:1", "$# Server\r\nb:2", true],
  ["info", "$# Server\r\na:1", "$# Clients\r\na:1", false],
  [
    "noperm",
    "-NOPERM this user has no permissions to run the 'get' command",
    "-NOPERM User u has no permissions to run the 'get' command",
    true,
  ],
  [
    "noperm",
    "-NOPERM this user has no permissions to access one of the keys used as arguments",
    "-NOPERM No permissions to access a key",
    true,
  ],
  [
    "noperm",
    "-NOPERM this user has no permissions to access one of the keys used as arguments",
    "-NOPERM No permissions to access a channel",
    false,
  ],
  ["noperm", "$User u has no permissions to run the 'get' command", "$OK", false],
  ["acl-user", "[$user u off resetchannels]", "[$user u off sanitize-payload resetchannels]", true],
  ["acl-user", "[$flags, [$on]]", "[$flags, [$on, $sanitize-payload]]", true],
  ["acl-user", "[$user u off -@all]", "[$user u off +@all]", false],
  [
    "acl-log",
    "[[$count, :1, $reason, $key, $context, $multi, $object, $k, $username, $u, $age-seconds, $1]]",
    "[[$count, :1, $reason, $key, $context, $multi, $object, $k, $username, $u, $age-seconds, $2]]",
    true,
  ],
  ["acl-log", "[[$count, :1]]", "[[$count, :2]]", false],
  ["groups", "[$lag, :1]", "[$lag, :0]", true],
  ["groups", "[[$name, $c, $pending, :0, $idle, :1]]", "[]", true],
  ["groups", "[[$name, $c, $pending, :1, $idle, :1]]", "[]", false],
  ["unbalanced", "-ERR Unbalanced XREAD list", "-ERR Unbalanced 'xreadgroup' list", true],
  ["unbalanced", "-ERR Unbalanced XREAD list", "-ERR syntax error", false],
  ["group-lost", "-UNBLOCKED the stream", "-NOGROUP No such key", true],
  ["group-lost", "-UNBLOCKED the stream", "nil[]", false],
  ["help", "[+CLIENT ..., +ID]", "[+CLIENT ..., +INFO]", true],
  ["help", "[+CLIENT ...]", "[+CONFIG ...]", false],
  ["help", "[+CLIENT ..., +ID]", "[+CLIENT ..., $ID]", false],
];

Deno.test("A normaliser forgives what it names and nothing else", () => {
  for (const [name, a, b, same] of examples) {
    const verdict = normalisers[name].same(parseReply(a), parseReply(b));
    assertEquals(verdict, same, `${name}: ${a} and ${b}`);
  }
});

Deno.test("Every normaliser has an example", () => {
  const shown = new Set(examples.map(([name]) => name));
  assertEquals([...shown].sort(), Object.keys(normalisers).sort());
});
