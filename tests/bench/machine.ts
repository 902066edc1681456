/** What a published figure must say of where it was taken. */

/** Facts about the machine and the programs, a line each. */
export async function describeMachine(): Promise<string[]> {
  const processor = /^model name\s*: (.+)$/m.exec(await output("cat", "/proc/cpuinfo"))?.[1];
  const memoryKib = Number(/^MemTotal:\s+(\d+)/m.exec(await output("cat", "/proc/meminfo"))?.[1]);
  return [
    `${navigator.hardwareConcurrency} × ${processor ?? "unknown processor"}, ` +
    `${(memoryKib / 2 ** 20).toFixed(0)} GiB`,
    `${Deno.build.os} ${Deno.osRelease()}, ${Deno.build.arch}`,
    `Deno ${Deno.version.deno}, V8 ${Deno.version.v8}`,
    await output("redis-server", "--version"),
    await output("redis-benchmark", "--version"),
  ];
}

async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args }).output();
  return new TextDecoder().decode(stdout).trim();
}
