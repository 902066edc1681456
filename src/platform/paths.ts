/** Paths as texts: servers that share a process cannot each have a working directory. */

/** The path as seen from a directory. */
export function resolvePath(directory: string, path: string): string {
  const isAbsolute = /^([/\\]|[a-z]:[/\\])/i.test(path);
  if (isAbsolute || directory === "") return path;
  return directory.endsWith("/") ? directory + path : `${directory}/${path}`;
}

/** The path of the directory that a file is in. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}
