/** Where relative paths start: servers that share a process cannot each have a working directory. */

/** The path as seen from a directory. */
export function resolvePath(directory: string, path: string): string {
  const isAbsolute = /^([/\\]|[a-z]:[/\\])/i.test(path);
  if (isAbsolute || directory === "") return path;
  return directory.endsWith("/") ? directory + path : `${directory}/${path}`;
}
