/** What `keyrex --help` and `keyrex --version` print. */
import type { Platform } from "../platform/mod.ts";
import { VERSION } from "../version.ts";

export const HELP = `Usage: keyrex [FILE] [--DIRECTIVE VALUE...]... [-]

Starts the server. FILE is a configuration file as Redis has it; directives on the command line
come after it and win. A lone - at either end reads more configuration from the standard input.

  keyrex                                  the defaults: port 6379, this host only
  keyrex --port 6380 --save 900 1         directives, by their names in redis.conf
  keyrex /etc/keyrex.conf --loglevel verbose
  echo 'maxmemory 100mb' | keyrex -

Other things it does:

  keyrex check dump.rdb                   tells what is in a dump, or where it is damaged
  keyrex check appendonlydir --fix        the same for append-only files, and cuts off what is damaged
  keyrex convert a.rdb b.rdb --rdb-version 10
                                          writes a dump so that another server can read it

  -h, --help       print this
  -v, --version    print the version
`;

/** The version in the form in which tools expect redis-server's. */
export function versionLine({ process }: Platform): string {
  return `Keyrex server v=${VERSION} sha=00000000:0 malloc=slabs bits=64 ` +
    `deno=${process.denoVersion} v8=${process.v8Version}\n`;
}
