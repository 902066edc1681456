/**
 * Redis's own test suite, from the source package of the distribution.
 *
 * It is fetched once, with apt and lists of our own beside the system's (no root needed, nothing of
 * the system changed), and kept outside the repository: $XDG_CACHE_HOME/keyrex, or ~/.cache/keyrex.
 */

/** The version of Redis whose suite is run, and whose redis-server is the judge elsewhere. */
const UPSTREAM_VERSION = "7.0.15";

/** The folder for what may be deleted at any time. */
export function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  return `${base}/keyrex/redis-suite`;
}

/**
 * The folder of the unpacked source package, fetched when it is not there.
 *
 * @throws Error when apt or dpkg-source cannot get it.
 */
export async function suiteSource(): Promise<string> {
  const cache = cacheFolder();
  const folder = `${cache}/redis-${UPSTREAM_VERSION}`;
  if (await exists(`${folder}/tests/test_helper.tcl`)) return folder;
  console.log(`fetching the source package of redis ${UPSTREAM_VERSION} into ${cache}`);
  await Deno.mkdir(`${cache}/apt/lists/partial`, { recursive: true });
  await Deno.writeTextFile(`${cache}/apt/sources.list`, await sourceEntries());
  const apt = aptOptions(`${cache}/apt`);
  await run("apt-get", [...apt, "update"], cache);
  const version = await packageVersion(apt, cache);
  await run("apt-get", [...apt, "--only-source", "source", `redis=${version}`], cache);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function aptOptions(folder: string): string[] {
  return [
    `Dir::Etc::SourceList=${folder}/sources.list`,
    "Dir::Etc::SourceParts=/dev/null",
    `Dir::State::Lists=${folder}/lists`,
    `Dir::Cache=${folder}`,
  ].flatMap((option) => ["-o", option]);
}

/** The distribution's own package sources with `deb` turned into `deb-src`. */
async function sourceEntries(): Promise<string> {
  const entries: string[] = [];
  const files = ["/etc/apt/sources.list"];
  for await (const { name } of Deno.readDir("/etc/apt/sources.list.d")) {
    if (/\.(list|sources)$/.test(name)) files.push(`/etc/apt/sources.list.d/${name}`);
  }
  for (const file of files.filter((path) => !/nodesource|google|docker/.test(path))) {
    const text = await Deno.readTextFile(file).catch(() => "");
    entries.push(...(file.endsWith(".sources") ? fromStanzas(text) : fromLines(text)));
  }
  return entries.join("\n") + "\n";
}

function fromLines(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("deb "))
    .map((line) => line.replace(/^deb /, "deb-src "));
}

/** Entries of the newer "deb822" form, one fact a line, as lines of the older one. */
function fromStanzas(text: string): string[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) =>
      stanza.match(new RegExp(`^${name}: *(.+)$`, "m"))?.[1].trim() ?? "";
    const signedBy = field("Signed-By");
    const options = signedBy ? `[signed-by=${signedBy}] ` : "";
    if (!field("URIs")) return [];
    return field("Suites").split(/\s+/).map((suite) =>
      `deb-src ${options}${field("URIs")} ${suite} ${field("Components")}`
    );
  });
}

/** The package version of the installed redis-server if it is to be had, else the newest. */
async function packageVersion(apt: readonly string[], cache: string): Promise<string> {
  const shown = await run("apt-cache", [...apt, "showsrc", "redis"], cache);
  const versions = [...shown.matchAll(/^Version: (.+)$/gm)].map((match) => match[1])
    .filter((version) => version.includes(`:${UPSTREAM_VERSION}-`));
  if (versions.length === 0) {
    throw new Error(`Cannot fetch redis ${UPSTREAM_VERSION}: the package sources have ${shown}`);
  }
  const installed = await run("dpkg-query", ["-W", "-f", "${Version}", "redis-server"], cache)
    .catch(() => "");
  return versions.includes(installed) ? installed : versions[versions.length - 1];
}

async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], cwd });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout);
  if (success) return text;
  throw new Error(`Cannot run ${program}: ${new TextDecoder().decode(stderr) || text}`);
}
