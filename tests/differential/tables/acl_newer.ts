import { table } from "../scenario.ts";

const EVERYTHING = "$user default on nopass sanitize-payload ~* &* +@all";

/** What access control shows otherwise than in redis-server 7.0; replies as Redis 7.4's. */
export const newerAclTable = table("acl since 7.2", {
  "NOPERM names the user, and no key": [
    ["ACL SETUSER u on nopass +@all -get ~a* &c", "+OK"],
    ["b> AUTH u any", "+OK"],
    ["b> GET a", "-NOPERM User u has no permissions to run the 'get' command"],
    ["b> SET b x", "-NOPERM No permissions to access a key"],
    ["b> PUBLISH d x", "-NOPERM No permissions to access a channel"],
    ["ACL DRYRUN u GET a", "$User u has no permissions to run the 'get' command"],
    ["ACL DRYRUN u SET b x", "$User u has no permissions to access the 'b' key"],
    ["ACL DRYRUN u PUBLISH d x", "$User u has no permissions to access the 'd' channel"],
    ["ACL DELUSER u", ":1"],
  ],
  "Every user is shown with what becomes of its payloads": [
    ["ACL LIST", `[${EVERYTHING}]`],
  ],
  "Rules about commands are shown in their order": [
    ["ACL SETUSER u +@all -@hash -@slow +hget", "+OK"],
    [
      "ACL LIST",
      `[${EVERYTHING}, $user u off sanitize-payload resetchannels +@all -@hash -@slow +hget]`,
    ],
    ["ACL SETUSER u -@HASH", "+OK"],
    [
      "ACL LIST",
      `[${EVERYTHING}, $user u off sanitize-payload resetchannels +@all -@slow +hget -@hash]`,
    ],
    ["ACL SETUSER u +@hash", "+OK"],
    [
      "ACL LIST",
      `[${EVERYTHING}, $user u off sanitize-payload resetchannels +@all -@slow +hget +@hash]`,
    ],
    ["ACL SETUSER u +config|get -config|set +HGET -config", "+OK"],
    [
      "ACL LIST",
      `[${EVERYTHING}, $user u off sanitize-payload resetchannels +@all -@slow +@hash +hget -config]`,
    ],
    ["ACL SETUSER u -@all", "+OK"],
    ["ACL LIST", `[${EVERYTHING}, $user u off sanitize-payload resetchannels -@all]`],
    ["ACL SETUSER u +select|A +@read -get +@ALL +client|id", "+OK"],
    ["ACL LIST", `[${EVERYTHING}, $user u off sanitize-payload resetchannels +@all +client|id]`],
    ["ACL DELUSER u", ":1"],
  ],
  "Names of users are kept out of SLOWLOG": {
    protocols: [2],
    cases: [
      ["CONFIG SET slowlog-log-slower-than 0", "+OK"],
      ["SLOWLOG RESET", "+OK"],
      ["ACL GETUSER nobody", "nil"],
      ["ACL DELUSER nobody", ":0"],
      [
        "SLOWLOG GET",
        '[[:3, :0, :0, [$ACL, $DELUSER, "(redacted)"], $a, ""], [:2, :0, :0, [$ACL, $GETUSER, "(redacted)"], $a, ""], [:1, :0, :0, [$SLOWLOG, $RESET], $a, ""]]',
        "slowlog",
      ],
    ],
  },
  "A log that may have no entries has none": [
    ["ACL SETUSER u on nopass", "+OK"],
    ["b> AUTH u any", "+OK"],
    ["b> GET a", "-NOPERM User u has no permissions to run the 'get' command"],
    ["CONFIG SET acllog-max-len 0", "+OK"],
    ["b> GET a", "-NOPERM User u has no permissions to run the 'get' command"],
    ["ACL LOG", "[]"],
    ["ACL DELUSER u", ":1"],
  ],
}, { since: "7.2" });
