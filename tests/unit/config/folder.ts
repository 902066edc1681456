/**
 * Runs a test in a folder of its own, which is removed afterwards.
 *
 * @param contents The files in it, by their path within it.
 * @param test Gets the folder's path, absolute and without links.
 */
export function withFolder<Result>(
  contents: Readonly<Record<string, string | Uint8Array>>,
  test: (dir: string) => Result,
): Result {
  const dir = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "keyrex-config-" }));
  try {
    for (const [name, content] of Object.entries(contents)) {
      const path = `${dir}/${name}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      Deno.writeFileSync(path, bytes);
    }
    return test(dir);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
}
