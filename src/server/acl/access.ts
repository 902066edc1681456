/**
 * Access control: who the users are, what clients may do as them, and what becomes of clients whose
 * user changes.
 *
 * A request is checked only if its client's user is restricted, which dispatch asks with one test.
 */
import { describeClient } from "../../commands/client/describe.ts";
import type { AccessService } from "../../commands/context.ts";
import { ClientFlag } from "../../commands/context.ts";
import type { Command } from "../../commands/spec.ts";
import { latin1 } from "../../memory/bytes.ts";
import { errorText, replaceFile, resolvePath } from "../../platform/mod.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../client.ts";
import type { Server } from "../server.ts";
import { DenialLog } from "./denial_log.ts";
import { aclFileContent, readAclFile } from "./file.ts";
import { DUPLICATE_USER } from "./rule_reasons.ts";
import type { ChannelDefault } from "./selector.ts";
import type { User } from "./user.ts";
import { type RefusedRule, Users } from "./users.ts";
import { allowed, argumentOf, Denial, denialOf, type Verdict } from "./verdict.ts";
import { byteText, hasSpaces } from "./words.ts";

/** What access control needs of the settings. */
export interface AccessSettings {
  readonly dir: string;
  /** The password of the user `default`; null or "" for none. */
  readonly requirepass: string | null;
  /** "" for none. */
  readonly aclfile: string;
  readonly acllogMaxLen: number;
  readonly aclPubsubDefault: ChannelDefault;
}

const NO_FILE =
  "This Redis instance is not configured to use an ACL file. You may want to specify users via the " +
  "ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file " +
  "set) in order to store users in the Redis configuration.";
const BAD_USER_NAME = "Usernames can't contain spaces or null characters";

export class Access implements AccessService {
  readonly log: DenialLog;
  /** Whether clients must log in before they may do anything. */
  isRequired = false;
  readonly #server: Server;
  readonly #users: Users;

  constructor(server: Server) {
    this.#server = server;
    this.#users = new Users(server.registry.all, server.settings);
    this.log = new DenialLog(server.settings);
    this.requirePassword(server.settings.requirepass);
  }

  /** Who clients are that have not said otherwise. */
  get defaultUser(): User {
    return this.#users.fallback;
  }

  get hasPassword(): boolean {
    return !this.defaultUser.needsNoPassword;
  }

  // ---------------------------------------------------------------- logging in

  /** Gives the user `default` that password and no other; null or "" for none. */
  requirePassword(password: string | null): void {
    const { defaultUser } = this;
    defaultUser.apply("resetpass");
    defaultUser.apply(password ? `>${byteText(password)}` : "nopass");
    this.#defaultChanged();
  }

  logIn(client: Client, name: string, password: Uint8Array, command: string): boolean {
    const user = this.#users.get(name);
    if (user?.knows(password)) {
      client.logIn(user);
      return true;
    }
    this.#record(client, "auth", command, name);
    return false;
  }

  /** Whether clients must log in, and hence how long their requests may be, depends on `default`. */
  #defaultChanged(): void {
    const { isEnabled, needsNoPassword } = this.defaultUser;
    this.isRequired = !isEnabled || !needsNoPassword;
    for (const client of this.#server.clients) client.adjustTrust();
  }

  // ---------------------------------------------------------------- what clients may do

  /**
   * Lets a request pass whose command's arity has been checked.
   *
   * @throws {ReplyError} when the client's user may not do that.
   */
  check(client: Client, command: Command, args: Args): void {
    const verdict = client.user.check(command, args);
    if (verdict === allowed) return;
    this.#recordVerdict(client, command, args, verdict);
    throw new ReplyError(`NOPERM ${brief(client.user, command, verdict)}`);
  }

  /** The same for a command that EXEC is about to run: the rules may be others than when it was queued. */
  checkQueued(client: Client, command: Command, args: Args): void {
    const verdict = client.user.check(command, args);
    if (verdict === allowed) return;
    this.#recordVerdict(client, command, args, verdict);
    throw new ReplyError(
      "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC " +
        "call. This command is no longer allowed for the following reason: " +
        QUEUED_REASONS[denialOf(verdict)],
    );
  }

  refusal(user: User, command: Command, args: Args): string | null {
    const verdict = user.check(command, args);
    return verdict === allowed ? null : detailed(user, command, args, verdict);
  }

  mayReadAllKeys({ user }: Client, args: Args): boolean {
    if (!user.isRestricted) return true;
    return user.readsAllKeys(this.#server.registry.resolve(args)!, args);
  }

  #recordVerdict(client: Client, command: Command, args: Args, verdict: Verdict): void {
    const denial = denialOf(verdict);
    const object = denial === Denial.COMMAND ? command.fullName : args.latin1(argumentOf(verdict));
    this.#record(client, REASONS[denial], object, client.user.name);
  }

  #record(client: Client, reason: keyof DenialLog["totals"], object: string, user: string): void {
    const context = (client.flags & ClientFlag.MULTI) !== 0 ? "multi" : "toplevel";
    const clientInfo = describeClient(client);
    this.log.add({ reason, context, object, user, clientInfo }, this.#server.nowMs);
  }

  // ---------------------------------------------------------------- users

  users(): readonly User[] {
    return this.#users.sorted();
  }

  user(name: string): User | null {
    return this.#users.get(name);
  }

  lines(): string[] {
    return this.#users.sorted().map((user) => user.describe());
  }

  setUser(name: string, rules: readonly string[]): string | null {
    if (hasSpaces(name)) return BAD_USER_NAME;
    const user = this.#users.set(name, rules);
    if ("reason" in user) {
      const { rule, reason, isUnmatched } = user;
      // The rule is quoted as a C string, which ends at the first NUL.
      const [quoted] = rule.split("\0", 1);
      return isUnmatched ? reason : `Error in ACL SETUSER modifier '${quoted}': ${reason}`;
    }
    this.#closeEavesdroppers(user);
    if (user === this.defaultUser) this.#defaultChanged();
    return null;
  }

  deleteUser(name: string): boolean {
    const user = this.#users.remove(name);
    if (user === null) return false;
    this.#closeClientsOf(user);
    return true;
  }

  /** Nobody stays who is no user any more. */
  #closeClientsOf(user: User): void {
    for (const client of this.#server.clients) {
      if (client.user !== user) continue;
      client.logOut();
      client.kill();
    }
  }

  /** Nobody goes on listening to channels that the user may not use any more. */
  #closeEavesdroppers(user: User): void {
    const { clients, pubsub } = this.#server;
    for (const client of clients) {
      if (client.user !== user || (client.flags & ClientFlag.PUBSUB) === 0) continue;
      const channels = [...pubsub.namesOf(client, "channel"), ...pubsub.namesOf(client, "shard")];
      const patterns = pubsub.namesOf(client, "pattern");
      const mayStay = channels.every((name) => user.allowsChannel(latin1(name))) &&
        patterns.every((text) => user.allowsPattern(text));
      if (!mayStay) client.kill();
    }
  }

  generatePassword(digits: number): string {
    const bytes = this.#server.platform.entropy.bytes(digits + 1 >>> 1);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.slice(0, digits);
  }

  // ---------------------------------------------------------------- where users are kept

  /**
   * Takes in the users that the configuration declares.
   *
   * @param declared Names and rules as Unicode texts.
   * @returns null, or the first declaration that cannot be, and what is wrong with it.
   */
  declare(
    declared: readonly { readonly name: string; readonly rules: readonly string[] }[],
  ): { readonly index: number } & Pick<RefusedRule, "rule" | "reason"> | null {
    const seen = new Set<string>();
    for (const [index, { name: text, rules }] of declared.entries()) {
      const name = byteText(text);
      if (seen.has(name)) return { index, rule: text, reason: DUPLICATE_USER };
      if (hasSpaces(name)) return { index, rule: text, reason: BAD_USER_NAME };
      seen.add(name);
      const user = this.#users.set(name, ["reset", ...rules.map(byteText)]);
      if ("reason" in user) return { index, rule: user.rule, reason: user.reason };
      if (user.isEnabled) continue;
      this.#server.log.notice(
        `The user '${text}' is disabled (there is no 'on' modifier in the user description). Make ` +
          "sure this is not a configuration error.",
      );
    }
    this.#defaultChanged();
    return null;
  }

  load(): string | null {
    const { log, platform, settings } = this.#server;
    const { aclfile } = settings;
    if (aclfile === "") return NO_FILE;
    let content: Uint8Array;
    try {
      content = platform.files.readSync(resolvePath(settings.dir, aclfile));
    } catch (error) {
      return `Error loading ACLs, opening file '${aclfile}': ${errorText(error)}`;
    }
    const read = readAclFile(content, aclfile, this.#users);
    if ("errors" in read) return read.errors;
    for (const user of this.#users.replaceAll(read.users)) this.#closeClientsOf(user);
    for (const user of this.#users.sorted()) this.#closeEavesdroppers(user);
    this.#defaultChanged();
    log.notice(`Users loaded from '${aclfile}'`);
    return null;
  }

  save(): string | null {
    const { log, platform: { files }, settings } = this.#server;
    if (settings.aclfile === "") return NO_FILE;
    try {
      const content = aclFileContent(this.#users.sorted());
      replaceFile(files, resolvePath(settings.dir, settings.aclfile), content);
      return null;
    } catch (error) {
      log.warning(`Error saving ACLs: ${errorText(error)}`);
      return "There was an error trying to save the ACLs. Please check the server logs for more " +
        "information";
    }
  }
}

/** By {@link Denial}. */
const REASONS = ["auth", "command", "key", "channel"] as const;
const QUEUED_REASONS = [
  "",
  "no permission to execute the command or subcommand",
  "no permission to touch the specified keys",
  "no permission to access one of the channels used as argument to the command",
];

/** What a client is told, which must not learn which keys there are rules about. */
function brief(user: User, command: Command, verdict: Verdict): string {
  const denial = denialOf(verdict);
  if (denial === Denial.KEY) return "No permissions to access a key";
  if (denial === Denial.CHANNEL) return "No permissions to access a channel";
  return `User ${user.name} has no permissions to run the '${command.fullName}' command`;
}

/** What somebody is told who asks about a user. */
function detailed(user: User, command: Command, args: Args, verdict: Verdict): string {
  const denial = denialOf(verdict);
  if (denial === Denial.COMMAND) return brief(user, command, verdict);
  const what = denial === Denial.KEY ? "key" : "channel";
  const name = args.quoted(argumentOf(verdict));
  return `User ${user.name} has no permissions to access the '${name}' ${what}`;
}
