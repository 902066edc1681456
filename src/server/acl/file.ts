/**
 * The file of `aclfile`: a line `user <name> <rules>` for each user. It is read as a whole; a single
 * mistake anywhere, and nothing of it counts. As in Redis, it knows no comments and no quotes, and
 * words are parted by one space.
 */
import { latin1, latin1Text } from "../../memory/bytes.ts";
import { UNKNOWN_NAME } from "./rule_reasons.ts";
import type { User } from "./user.ts";
import type { Users } from "./users.ts";
import { hasSpaces, joinSelectors } from "./words.ts";

const NOTHING_CHANGED =
  "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

/** The users in a file, or why there are none. */
export type AclFileContent =
  | { readonly users: readonly User[] }
  | { readonly errors: string };

/**
 * Reads users, which are not among the server's yet.
 *
 * @param name The file's name, for the errors.
 */
export function readAclFile(content: Uint8Array, name: string, all: Users): AclFileContent {
  const users = new Map<string, User>();
  const lines = latin1Text(content, 0, content.length).split("\n");
  let errors = "";
  lines.forEach((text, i) => {
    const line = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    if (line !== "") errors += readLine(line, `${name}:${i + 1}`, i + 1, all, users);
  });
  return errors === "" ? { users: [...users.values()] } : { errors: errors + NOTHING_CHANGED };
}

/** Reads a line into `users`; returns what is wrong with it, "" for nothing. */
function readLine(
  line: string,
  place: string,
  number: number,
  all: Users,
  users: Map<string, User>,
): string {
  const [keyword, name, ...words] = line.split(" ");
  if (keyword !== "user" || name === undefined) {
    return `${place} should start with user keyword followed by the username. `;
  }
  if (hasSpaces(name)) return `'${place}: username '${name}' contains invalid characters. `;
  if (users.has(name)) return `WARNING: Duplicate user '${name}' found on line ${number}. `;
  const joined = joinSelectors(words);
  if ("unmatched" in joined) return `${place}: Unmatched parenthesis in selector definition.`;
  const user = all.newUser(name);
  users.set(name, user);
  return applyRules(user, joined.rules, place);
}

/** All unknown commands are told, of other mistakes only the first, on which later ones may depend. */
function applyRules(user: User, rules: readonly string[], place: string): string {
  let errors = "";
  let hasSyntaxError = false;
  for (const rule of rules) {
    const reason = user.apply(rule.replace(/^[\t\r\n]+|[\t\r\n]+$/g, ""));
    if (reason === UNKNOWN_NAME) {
      errors += `${place}: Error in applying operation '${rule}': ${reason}. `;
    } else if (reason !== null && !hasSyntaxError) {
      errors += `${place}: ${reason}. `;
      hasSyntaxError = true;
    }
  }
  return errors;
}

/** The content of a file that holds these users. */
export function aclFileContent(users: readonly User[]): Uint8Array {
  return latin1(users.map((user) => `user ${user.describe()}\n`).join(""));
}
