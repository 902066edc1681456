/** Requests to be checked, made from a line. */
import { Registry } from "../../../../src/commands/registry.ts";
import type { Command } from "../../../../src/commands/spec.ts";
import { COMMAND_TABLES } from "../../../../src/commands/tables.ts";
import { Args } from "../../../../src/resp/args.ts";
import type { ChannelDefault } from "../../../../src/server/acl/selector.ts";
import { Users } from "../../../../src/server/acl/users.ts";

export const registry = new Registry(COMMAND_TABLES);

/** A request and its command. */
export function request(line: string): [command: Command, args: Args] {
  const args = new Args();
  args.loadText(...line.split(" "));
  return [registry.resolve(args)!, args];
}

/** Users like those of a server that has just been started. */
export function newUsers(aclPubsubDefault: ChannelDefault = "resetchannels"): Users {
  return new Users(registry.all, { aclPubsubDefault });
}
