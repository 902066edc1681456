/** What SORT is asked for. */
import { type Args, keyword } from "../../resp/args.ts";
import { roundedInteger } from "../arguments.ts";
import { ReplyError } from "../../resp/errors.ts";
import type { Client } from "../context.ts";
import { SYNTAX } from "../errors.ts";
import { SortPattern } from "./pattern.ts";

const ASC = keyword("ASC");
const DESC = keyword("DESC");
const ALPHA = keyword("ALPHA");
const LIMIT = keyword("LIMIT");
const STORE = keyword("STORE");
const BY = keyword("BY");
const GET = keyword("GET");

const BY_DENIED = new ReplyError(
  "ERR BY option of SORT denied due to insufficient ACL permissions.",
);
const GET_DENIED = new ReplyError(
  "ERR GET option of SORT denied due to insufficient ACL permissions.",
);

export interface SortOptions {
  isDescending: boolean;
  /** Whether bytes are compared, rather than numbers. */
  isAlpha: boolean;
  /** The first element wanted, counted from 0; whatever the client gave. */
  offset: number;
  /** How many are wanted; all when negative. */
  count: number;
  /** The argument that is the key to store the result in; 0: it is shown. */
  storeArg: number;
  /** What elements are sorted by; null: by themselves. */
  by: SortPattern | null;
  /** Whether elements stay in their order: BY without a star. */
  isUnsorted: boolean;
  /** What is shown of each element; nothing: the element. */
  gets: SortPattern[];
}

/** Reads the options from argument 2 on. Who may not read all keys may not have them named by elements. */
export function readSortOptions(client: Client, args: Args, mayStore: boolean): SortOptions {
  const { access } = client.server;
  const options: SortOptions = {
    isDescending: false,
    isAlpha: false,
    offset: 0,
    count: -1,
    storeArg: 0,
    by: null,
    isUnsorted: false,
    gets: [],
  };
  for (let i = 2; i < args.count; i++) {
    const left = args.count - 1 - i;
    if (args.is(i, ASC)) options.isDescending = false;
    else if (args.is(i, DESC)) options.isDescending = true;
    else if (args.is(i, ALPHA)) options.isAlpha = true;
    else if (args.is(i, LIMIT) && left >= 2) {
      options.offset = roundedInteger(args, ++i);
      options.count = roundedInteger(args, ++i);
    } else if (mayStore && args.is(i, STORE) && left >= 1) {
      options.storeArg = ++i;
    } else if (args.is(i, BY) && left >= 1) {
      options.by = new SortPattern(args, ++i);
      if (options.by.hasStar && !access.mayReadAllKeys(client, args)) throw BY_DENIED;
      // Once one of several has no star, nothing is sorted, as in Redis.
      options.isUnsorted ||= !options.by.hasStar;
    } else if (args.is(i, GET) && left >= 1) {
      if (!access.mayReadAllKeys(client, args)) throw GET_DENIED;
      options.gets.push(new SortPattern(args, ++i));
    } else {
      throw SYNTAX;
    }
  }
  return options;
}
