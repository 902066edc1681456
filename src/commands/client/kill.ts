/** CLIENT KILL, in both of its forms. */
import { type Args, keyword } from "../../resp/args.ts";
import { ReplyError } from "../../resp/errors.ts";
import { readInteger } from "../arguments.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { readClientType, typeOf } from "./types.ts";

const ID = keyword("ID");
const TYPE = keyword("TYPE");
const USER = keyword("USER");
const ADDR = keyword("ADDR");
const LADDR = keyword("LADDR");
const MAXAGE = keyword("MAXAGE");
const SKIPME = keyword("SKIPME");
const YES = keyword("YES");
const NO = keyword("NO");

const NO_SUCH_CLIENT = new ReplyError("ERR No such client");
const BAD_ID = new ReplyError("ERR client-id should be greater than 0");
const BAD_MAX_AGE = new ReplyError("ERR maxage is not an integer or out of range");
const MAX_AGE_NOT_POSITIVE = new ReplyError("ERR maxage should be greater than 0");

/** Whether a client is to be killed. */
type Filter = (client: Client) => boolean;

export function killCommand(client: Client, args: Args): void {
  if (args.count === 3) {
    const address = args.text(2);
    if (kill(client, [(other) => other.address === address]) === 0) throw NO_SUCH_CLIENT;
    client.reply.ok();
  } else {
    client.reply.integer(kill(client, readFilters(client, args)));
  }
}

/** Kills the clients that all filters agree on; returns how many there were. */
function kill({ server }: Client, filters: readonly Filter[]): number {
  let killed = 0;
  for (const client of server.clients) {
    if (!filters.every((filter) => filter(client))) continue;
    client.kill();
    killed++;
  }
  return killed;
}

/** Options may come in any order; of one that comes twice the last counts. */
function readFilters(client: Client, args: Args): Filter[] {
  const filters = new Map<string, Filter>();
  let skipMe = true;
  for (let i = 2; i < args.count; i += 2) {
    const value = i + 1;
    if (value === args.count) throw SYNTAX;
    if (args.is(i, SKIPME)) {
      if (!args.is(value, YES) && !args.is(value, NO)) throw SYNTAX;
      skipMe = args.is(value, YES);
    } else {
      filters.set(args.latin1(i).toLowerCase(), readFilter(client, args, i));
    }
  }
  if (skipMe) filters.set("skipme", (other) => other !== client);
  return [...filters.values()];
}

function readFilter({ server }: Client, args: Args, i: number): Filter {
  const value = i + 1;
  if (args.is(i, ID)) {
    const id = readInteger(args, value, BAD_ID, 1);
    return (other) => other.id === id;
  }
  if (args.is(i, TYPE)) {
    const type = readClientType(args, value);
    return (other) => typeOf(other) === type;
  }
  if (args.is(i, USER)) {
    const user = server.access.user(args.latin1(value));
    if (user === null) throw new ReplyError(`ERR No such user '${args.quoted(value)}'`);
    return (other) => other.user === user;
  }
  if (args.is(i, ADDR)) {
    const address = args.text(value);
    return (other) => other.address === address;
  }
  if (args.is(i, LADDR)) {
    const address = args.text(value);
    return (other) => other.localAddress === address;
  }
  if (args.is(i, MAXAGE)) {
    const seconds = readInteger(args, value, BAD_MAX_AGE);
    if (seconds <= 0) throw MAX_AGE_NOT_POSITIVE;
    return (other) => server.nowMs - other.createdMs >= seconds * 1000;
  }
  throw SYNTAX;
}
