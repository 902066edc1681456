/** python3-redis as Debian has it: the script beside this file does the work. */
import { assert } from "@std/assert";
import { testWith } from "../support/requirements.ts";
import { startKeyrex } from "../support/servers.ts";

/** Debian's own Python: the first on PATH may be another one, without Debian's packages. */
const PYTHON = "/usr/bin/python3";

const script = new URL("python_redis.py", import.meta.url).pathname;

async function run(...args: string[]): Promise<{ success: boolean; said: string }> {
  const { success, stdout, stderr } = await new Deno.Command(PYTHON, { args }).output();
  const decoder = new TextDecoder();
  return { success, said: decoder.decode(stdout) + decoder.decode(stderr) };
}

const hasRedis = await run("-c", "import redis").then(({ success }) => success, () => false);

testWith(
  { name: "python3-redis", present: hasRedis },
  "python3-redis gets the answers it expects",
  async () => {
    await using server = await startKeyrex();
    const port = "port" in server.address ? server.address.port : 0;
    const { success, said } = await run(script, String(port));
    assert(success, said);
  },
);
