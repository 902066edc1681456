/** DEBUG's subcommands for tests of clients: each kind of reply, and any error. */
import { latin1 } from "../../memory/bytes.ts";
import type { Args } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { ReplyWriter } from "../../resp/writer.ts";
import type { Client } from "../context.ts";
import type { DebugSubcommand } from "./subcommand.ts";

const RESP3_ONLY = new ReplyError("ERR RESP2 is not supported by this command");

/** Writes an example of each type of reply. */
const EXAMPLES: Readonly<Record<string, (reply: ReplyWriter) => void>> = {
  string: (reply) => reply.bulkText("Hello World"),
  integer: (reply) => reply.integer(12345),
  double: (reply) => reply.double(3.141),
  bignum: (reply) => reply.bigNumber("1234567999999999999999999999999999999"),
  null: (reply) => reply.nullBulk(),
  array(reply) {
    reply.array(3);
    for (let i = 0; i < 3; i++) reply.integer(i);
  },
  set(reply) {
    reply.set(3);
    for (let i = 0; i < 3; i++) reply.integer(i);
  },
  map(reply) {
    reply.map(3);
    for (let i = 0; i < 3; i++) {
      reply.integer(i);
      reply.boolean(i === 1);
    }
  },
  attrib(reply) {
    if (reply.proto === 3) {
      reply.attribute(1);
      reply.bulkText("key-popularity");
      reply.array(2);
      reply.bulkText("key:123");
      reply.integer(90);
    }
    reply.bulkText("Some real reply following the attribute");
  },
  push(reply) {
    if (reply.proto === 2) throw RESP3_ONLY;
    reply.push(2);
    reply.bulkText("server-cpu-usage");
    reply.integer(42);
    reply.bulkText("Some real reply following the push reply");
  },
  verbatim: (reply) => reply.verbatim("txt", "This is a verbatim\nstring"),
  true: (reply) => reply.boolean(true),
  false: (reply) => reply.boolean(false),
};

const NO_SUCH_TYPE = new ReplyError(
  "ERR Wrong protocol type name. Please use one of the following: " +
    Object.keys(EXAMPLES).join("|"),
);

function protocol({ reply }: Client, args: Args): void {
  const name = args.latin1(2).toLowerCase();
  if (!Object.hasOwn(EXAMPLES, name)) throw NO_SUCH_TYPE;
  EXAMPLES[name](reply);
}

/** Whatever the text, it is sent as an error; statistics know nothing of it. */
function error({ reply }: Client, args: Args): void {
  const text = args.latin1(2).replace(/[\r\n]/g, " ");
  reply.raw(latin1(`-${text}\r\n`));
}

export const replySubcommands: readonly DebugSubcommand[] = [
  {
    name: "ERROR",
    arguments: [1, 1],
    help: ["ERROR <string>", "    Replies with an error of this text."],
    handler: error,
  },
  {
    name: "PROTOCOL",
    arguments: [1, 1],
    help: [
      "PROTOCOL <type>",
      "    Replies with an example of a type: string, integer, double, bignum, null, array,",
      "    set, map, attrib, push, verbatim, true or false.",
    ],
    handler: protocol,
  },
];
