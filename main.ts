/** Keyrex: chooses the subcommand. Each has its file in src/cli. */
import { runCheck } from "./src/cli/check.ts";
import { runConvert } from "./src/cli/convert.ts";
import { runServer } from "./src/cli/server.ts";
import { HELP, versionLine } from "./src/cli/help.ts";
import { utf8 } from "./src/memory/bytes.ts";
import { denoPlatform } from "./src/platform/mod.ts";

const platform = denoPlatform();
const [first, ...rest] = platform.process.args;

if (first === "--help" || first === "-h") platform.process.writeOut(utf8(HELP));
else if (first === "--version" || first === "-v") {
  platform.process.writeOut(utf8(versionLine(platform)));
} else if (first === "check") runCheck(platform, rest);
else if (first === "convert") runConvert(platform, rest);
else runServer(platform);
