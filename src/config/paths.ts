/** Paths in the configuration: directories, and what wildcards stand for. */
import { utf8 } from "../memory/bytes.ts";
import { globMatch } from "../memory/glob.ts";
import { errorText, type Files } from "../platform/mod.ts";
import { RefusedValue } from "./errors.ts";

/**
 * The absolute path of a directory, without links: what the working directory is called after one
 * has changed to it.
 *
 * @throws RefusedValue in the system's words when there is no such directory.
 */
export function directoryPath(files: Files, path: string): string {
  if (path === "") throw new RefusedValue("No such file or directory");
  try {
    const absolute = files.realPathSync(path);
    if (files.statusSync(absolute)?.isDirectory) return absolute;
  } catch (error) {
    throw new RefusedValue(errorText(error));
  }
  throw new RefusedValue("Not a directory");
}

/** Whether a path has wildcards. */
export function hasWildcards(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * The paths that a path with wildcards stands for, sorted by their bytes, as a shell has them: a
 * wildcard matches no slash, and no dot at the beginning of a name.
 *
 * @returns None when nothing matches or a directory cannot be read.
 */
export function matchingPaths(files: Files, pattern: string): string[] {
  const names = pattern.split("/");
  let paths = [names[0]]; // "" for an absolute path
  for (const name of names.slice(1)) {
    paths = paths.flatMap((path) => matchingNames(files, path, name).map((n) => `${path}/${n}`));
  }
  return paths.sort();
}

function matchingNames(files: Files, directory: string, pattern: string): string[] {
  const path = directory === "" ? "/" : directory;
  if (!hasWildcards(pattern)) {
    return files.statusSync(`${directory}/${pattern}`) === null ? [] : [pattern];
  }
  let names: string[];
  try {
    names = files.listSync(path);
  } catch {
    return [];
  }
  const glob = utf8(pattern.replaceAll("[!", "[^"));
  return names.filter((name) => {
    if (name.startsWith(".") && !pattern.startsWith(".")) return false;
    const text = utf8(name);
    return globMatch(glob, 0, glob.length, text, 0, text.length, false);
  });
}
