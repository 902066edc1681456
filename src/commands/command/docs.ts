/** COMMAND DOCS: what people want to know of a command, and what redis-cli makes its hints from. */
import type { ReplyWriter } from "../../resp/writer.ts";
import type { Argument, Command } from "../spec.ts";

/** A name of a reply's map, and what writes its value. */
type Field = readonly [name: string, write: () => void];

/** Documents a command and its subcommands, as a map; its name is not in it. */
export function replyDocs(reply: ReplyWriter, command: Command): void {
  const { args = [], children, deprecated, history = [] } = command;
  const fields: Field[] = [
    textField(reply, "summary", command.summary),
    textField(reply, "since", command.since),
    textField(reply, "group", command.group),
    textField(reply, "complexity", command.complexity),
  ];
  if (deprecated !== undefined) {
    fields.push(
      ["doc_flags", () => replyFlags(reply, ["deprecated"])],
      textField(reply, "deprecated_since", deprecated.since),
      textField(reply, "replaced_by", deprecated.replacedBy),
    );
  }
  if (history.length > 0) fields.push(["history", () => replyHistory(reply, history)]);
  if (args.length > 0) fields.push(["arguments", () => replyArguments(reply, args)]);
  if (children.length > 0) fields.push(["subcommands", () => replyDocsOf(reply, children)]);
  replyMap(reply, fields);
}

/** Documents several commands, as a map by name. */
export function replyDocsOf(reply: ReplyWriter, commands: readonly Command[]): void {
  reply.map(commands.length);
  for (const command of commands) {
    reply.bulkText(command.fullName);
    replyDocs(reply, command);
  }
}

function replyArguments(reply: ReplyWriter, args: readonly Argument[]): void {
  reply.array(args.length);
  for (const argument of args) replyArgument(reply, argument);
}

function replyArgument(reply: ReplyWriter, argument: Argument): void {
  const { args, deprecatedSince, keySpec, since, token } = argument;
  const fields: Field[] = [
    textField(reply, "name", argument.name),
    textField(reply, "type", argument.type),
  ];
  if (keySpec !== undefined) fields.push(["key_spec_index", () => reply.integer(keySpec)]);
  if (token !== undefined) fields.push(textField(reply, "token", token));
  if (since !== undefined) fields.push(textField(reply, "since", since));
  if (deprecatedSince !== undefined) {
    fields.push(textField(reply, "deprecated_since", deprecatedSince));
  }
  const flags = argumentFlags(argument);
  if (flags.length > 0) fields.push(["flags", () => replyFlags(reply, flags)]);
  if (args !== undefined) fields.push(["arguments", () => replyArguments(reply, args)]);
  replyMap(reply, fields);
}

function argumentFlags({ multiple, multipleToken, optional }: Argument): string[] {
  const flags: string[] = [];
  if (optional) flags.push("optional");
  if (multiple) flags.push("multiple");
  if (multipleToken) flags.push("multiple_token");
  return flags;
}

function replyHistory(reply: ReplyWriter, history: NonNullable<Command["history"]>): void {
  reply.set(history.length);
  for (const [version, change] of history) {
    reply.array(2);
    reply.bulkText(version);
    reply.bulkText(change);
  }
}

function replyFlags(reply: ReplyWriter, flags: readonly string[]): void {
  reply.set(flags.length);
  for (const flag of flags) reply.simple(flag);
}

function replyMap(reply: ReplyWriter, fields: readonly Field[]): void {
  reply.map(fields.length);
  for (const [name, write] of fields) {
    reply.bulkText(name);
    write();
  }
}

function textField(reply: ReplyWriter, name: string, text: string): Field {
  return [name, () => reply.bulkText(text)];
}
