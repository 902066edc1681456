/** Keyrex: chooses the subcommand. Each has its file in src/cli. */
import { runServer } from "./src/cli/server.ts";
import { HELP, versionLine } from "./src/cli/help.ts";
import { utf8 } from "./src/memory/bytes.ts";
import { denoPlatform } from "./src/platform/mod.ts";

const platform = denoPlatform();
const [first] = platform.process.args;

if (first === "--help" || first === "-h") platform.process.writeOut(utf8(HELP));
else if (first === "--version" || first === "-v") {
  platform.process.writeOut(utf8(versionLine(platform)));
} else runServer(platform);
