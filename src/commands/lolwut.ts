/** LOLWUT: something to look at, and the version. */
import { type Args, keyword } from "../resp/args.ts";
import type { Client } from "./context.ts";
import { drawHarmonograph } from "./lolwut/harmonograph.ts";
import { arg, commandTable } from "./spec.ts";

const VERSION = keyword("VERSION");

/** In characters: half the width of a terminal, and nearly a square. */
const COLUMNS = 40;
const ROWS = 20;

/** Whatever version is asked for, there is one kind of drawing, and never the same one twice. */
function lolwutCommand({ reply, server }: Client, args: Args): void {
  if (args.count > 2 && args.is(1, VERSION)) args.integer(2);
  const drawing = drawHarmonograph(COLUMNS, ROWS, server.random);
  reply.verbatim("txt", `${drawing}Redis ver. ${server.redisVersion}\n`);
}

export const lolwutCommands = commandTable("server", [
  {
    name: "lolwut",
    arity: -1,
    flags: ["readonly", "fast"],
    args: [arg.integer("version", { token: "VERSION", optional: true })],
    since: "5.0.0",
    complexity: "O(1)",
    summary: "Draws something, and tells the version.",
    handler: lolwutCommand,
  },
]);
