/** MODULE: there are none, and none can be loaded; who asks is told so in Redis's words. */
import type { Args } from "../resp/args.ts";
import { ReplyError } from "../resp/errors.ts";
import type { Client } from "./context.ts";
import { helpSubcommand } from "./help.ts";
import { arg, type CommandRow, commandTable } from "./spec.ts";

const CANNOT_LOAD = new ReplyError(
  "ERR Error loading the extension. Please check the server logs.",
);
const NO_SUCH_MODULE = new ReplyError(
  "ERR Error unloading module: no such module with that name",
);

// ---------------------------------------------------------------- handlers

function listCommand({ reply }: Client, _args: Args): void {
  reply.array(0);
}

function loadCommand(_client: Client, _args: Args): void {
  throw CANNOT_LOAD;
}

function unloadCommand(_client: Client, _args: Args): void {
  throw NO_SUCH_MODULE;
}

// ---------------------------------------------------------------- the table

const HELP = [
  "LIST",
  "    Return a list of loaded modules.",
  "LOAD <path> [<arg> ...]",
  "    Load a module library from <path>, passing to it any optional arguments.",
  "LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]] [ARGS ...]",
  "    Load a module library from <path>, while passing it module configurations and optional arguments.",
  "UNLOAD <name>",
  "    Unload a module.",
];

const CHANGING: Pick<CommandRow, "flags" | "protectedBy" | "complexity"> = {
  flags: ["admin", "noscript", "no_async_loading"],
  protectedBy: "enable-module-command",
  complexity: "O(1)",
};

export const moduleCommands = commandTable("server", [
  {
    name: "module",
    arity: -2,
    since: "4.0.0",
    complexity: "Depends on the subcommand.",
    summary: "Tells of modules, of which there are none.",
    subcommands: [
      helpSubcommand("module", "5.0.0", HELP),
      {
        name: "list",
        arity: 2,
        flags: ["admin", "noscript"],
        tips: ["nondeterministic_output_order"],
        since: "4.0.0",
        complexity: "O(1)",
        summary: "Lists the modules that are loaded: none.",
        handler: listCommand,
      },
      {
        name: "load",
        arity: -3,
        ...CHANGING,
        args: [arg.string("path"), arg.string("arg", { optional: true, multiple: true })],
        since: "4.0.0",
        summary: "Refuses to load a module.",
        handler: loadCommand,
      },
      {
        name: "loadex",
        arity: -3,
        ...CHANGING,
        args: [
          arg.string("path"),
          arg.block("configs", [arg.string("name"), arg.string("value")], {
            token: "CONFIG",
            optional: true,
            multiple: true,
            multipleToken: true,
          }),
          arg.string("arg", { token: "ARGS", optional: true, multiple: true }),
        ],
        since: "7.0.0",
        summary: "Refuses to load a module with parameters.",
        handler: loadCommand,
      },
      {
        name: "unload",
        arity: 3,
        ...CHANGING,
        args: [arg.string("name")],
        since: "4.0.0",
        summary: "Knows of no module to unload.",
        handler: unloadCommand,
      },
    ],
  },
]);
