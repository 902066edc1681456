/** What directives refuse beyond their kind, in Redis's words: each says what is wrong, or null. */

/** The name of something within another directory, not a path. */
function isBaseName(name: string): boolean {
  return !name.includes("/") && !name.includes("\\");
}

export function checkDumpFilename(name: string): string | null {
  return isBaseName(name) ? null : "dbfilename can't be a path, just a filename";
}

export function checkAppendFilename(name: string): string | null {
  if (name === "") return "appendfilename can't be empty";
  return isBaseName(name) ? null : "appendfilename can't be a path, just a filename";
}

export function checkAppendDirname(name: string): string | null {
  if (name === "") return "appenddirname can't be empty";
  return isBaseName(name) ? null : "appenddirname can't be a path, just a dirname";
}

export function checkShutdownWords(words: readonly string[]): string | null {
  return words.includes("save") && words.includes("nosave")
    ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
    : null;
}

const MAX_HOSTNAME_BYTES = 255;

export function checkHostname(name: string): string | null {
  if (name.length > MAX_HOSTNAME_BYTES) return "Hostnames must be less than 256 characters";
  if (/^[a-z0-9.-]*$/i.test(name)) return null;
  return "Hostnames may only contain alphanumeric characters, hyphens or dots";
}

export function checkNodeName(name: string): string | null {
  return /[!#$%&()*+:;<>?@[\]^{|}~]/.test(name)
    ? "Announced human node name contained invalid character"
    : null;
}

/** Variables that have a text at any time, and those that may be empty. */
const TITLE_VARIABLES = ["listen-addr", "port", "tls-port"];
const TITLE_VARIABLES_MAYBE_EMPTY = ["title", "server-mode", "unixsocket", "config-file"];

/** `{name}` is a variable, `{{` a brace; what comes of it all must not be blank. */
export function checkProcessTitle(template: string): string | null {
  let known = true;
  const title = template.replace(/\{\{|\{([^}]*)\}?/g, (found, variable: string | undefined) => {
    if (variable === undefined) return "{";
    if (found.endsWith("}") && TITLE_VARIABLES.includes(variable)) return variable;
    if (!found.endsWith("}") || !TITLE_VARIABLES_MAYBE_EMPTY.includes(variable)) known = false;
    return "";
  });
  return known && title.trim() !== ""
    ? null
    : "template format is invalid or contains unknown variables";
}
