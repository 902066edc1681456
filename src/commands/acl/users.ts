/** ACL's subcommands about users. */
import { latin1 } from "../../memory/bytes.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { AccessUser, Client } from "../context.ts";
import { wrongArity } from "../errors.ts";
import { innerRequest } from "../inner_request.ts";

/** Who clients are that have not logged in; there always is this one. */
const DEFAULT_USER = "default";

const DEFAULT_STAYS = new ReplyError("ERR The 'default' user cannot be removed");

export function usersCommand({ reply, server }: Client, _args: Args): void {
  const users = server.access.users();
  reply.array(users.length);
  for (const { name } of users) reply.bulkBytes(latin1(name));
}

export function listCommand({ reply, server }: Client, _args: Args): void {
  const lines = server.access.lines();
  reply.array(lines.length);
  for (const line of lines) reply.bulkBytes(latin1(`user ${line}`));
}

export function whoamiCommand({ reply, user }: Client, _args: Args): void {
  reply.bulkBytes(latin1(user.name));
}

export function getuserCommand({ reply, server }: Client, args: Args): void {
  const user = server.access.user(args.latin1(2));
  if (user === null) return reply.nullBulk();
  const [root, ...others] = user.selectors;
  const flags = user.flags();
  reply.map(6);
  reply.bulkText("flags");
  reply.set(flags.length);
  for (const flag of flags) reply.bulkText(flag);
  reply.bulkText("passwords");
  reply.array(user.passwords.length);
  for (const hash of user.passwords) reply.bulkText(hash);
  replySelector(reply, root);
  reply.bulkText("selectors");
  reply.array(others.length);
  for (const selector of others) {
    reply.map(3);
    replySelector(reply, selector);
  }
}

/** Three pairs of a map. */
function replySelector(reply: Client["reply"], selector: AccessUser["selectors"][number]): void {
  reply.bulkText("commands");
  reply.bulkBytes(latin1(selector.describeCommands()));
  reply.bulkText("keys");
  reply.bulkBytes(latin1(selector.describeKeys()));
  reply.bulkText("channels");
  reply.bulkBytes(latin1(selector.describeChannels()));
}

export function setuserCommand({ reply, server }: Client, args: Args): void {
  const rules: string[] = [];
  for (let i = 3; i < args.count; i++) rules.push(args.latin1(i));
  const refusal = server.access.setUser(args.latin1(2), rules);
  if (refusal !== null) throw new ReplyError(`ERR ${refusal}`);
  reply.ok();
}

/** Nobody else shall see who the users are and what is said about them. */
export function secretsOfUsers(_client: Client, args: Args): number[] {
  return Array.from({ length: args.count - 2 }, (_, i) => i + 2);
}

export function deluserCommand({ reply, server }: Client, args: Args): void {
  const names: string[] = [];
  for (let i = 2; i < args.count; i++) names.push(args.latin1(i));
  if (names.includes(DEFAULT_USER)) throw DEFAULT_STAYS;
  reply.integer(names.filter((name) => server.access.deleteUser(name)).length);
}

export function dryrunCommand({ reply, server }: Client, args: Args): void {
  const user = server.access.user(args.latin1(2));
  if (user === null) throw new ReplyError(`ERR User '${args.quoted(2)}' not found`);
  const request = innerRequest(args, 3);
  const command = server.registry.resolve(request);
  if (command === null) throw new ReplyError(`ERR Command '${args.quoted(3)}' not found`);
  const { arity, fullName } = command;
  if (arity > 0 ? request.count !== arity : request.count < -arity) throw wrongArity(fullName);
  const refusal = server.access.refusal(user, command, request);
  if (refusal === null) reply.ok();
  else reply.bulkBytes(latin1(refusal));
}
