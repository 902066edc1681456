/** Users in a file: what ACL LOAD says of it, and what comes of it. */
import { assertEquals } from "@std/assert";
import { oracleTest } from "../support/servers.ts";
import { Pair } from "./pair.ts";
import { runTable, showDifferences } from "./runner.ts";
import { type Case, table } from "./scenario.ts";

/** Files by what they show. One whose parentheses do not match would crash redis-server. */
const FILES: Readonly<Record<string, string>> = {
  "no users": "",
  "users": "user alice on >pw ~a* %R~b &c +@all -get\nuser bob\n",
  "white space": "\n  user alice on  +get \r\n\t\n \nuser bob +set \t ~x",
  "two spaces before a name": "user  alice on\n",
  "selectors": "user alice (+get ~a) (+set ~b) ()\nuser bob (+get ~a %W~b) on\n",
  "another default user": "user default on nopass ~k +@all\n",
  "unknown commands": "user alice +nosuch on +get +@neither -nor|that\nuser bob +x|y\n",
  "other mistakes": "user alice on foo bar +nosuch\nuser bob ~* ~a &* &b #x\n",
  "mistakes in selectors": "user alice (+nosuch)\nuser bob (on)\n",
  "quotes": 'user "alice" on\nuser bob "+get"\n',
  "a name with a tab": "user a\tb on\n",
  "the same user twice": "user alice on\nuser bob on\nuser alice off\n",
  "rules without `user`": "alice on\n",
  "a comment": "user alice on\n# nobody\n",
  "capitals": "USER alice on\n",
};

oracleTest("ACL LOAD takes what redis-server takes, and says what it says", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/users.acl`;
  await Deno.writeTextFile(path, "");
  try {
    await using pair = await Pair.start({ directives: { aclfile: path } });
    for (const [what, content] of Object.entries(FILES)) {
      await Deno.writeTextFile(path, content);
      const cases: readonly Case[] = [
        "ACL LOAD",
        ["ACL LIST", null, "acl-user"],
        "SET k v",
        "b> AUTH alice pw",
      ];
      const scenarios = { [`A file with ${what}`]: { protocols: [2], cases } } as const;
      const differences = await runTable(pair, table("aclfile", scenarios));
      assertEquals(differences.length, 0, `\n\n${showDifferences(differences)}\n`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
