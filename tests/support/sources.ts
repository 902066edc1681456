/**
 * The project's own files as the tests about the project see them: which there are, and what a
 * TypeScript source imports.
 */

/** The folder that holds deno.json, with a slash at its end. */
export const PROJECT_ROOT = new URL("../../", import.meta.url);

/** What is not part of the project, though it may lie in its folder. */
const FOREIGN_FOLDERS = new Set([".git", "dist", "node_modules", "tmp"]);

/** One `import` or `export … from` of a source file. */
export interface Import {
  /** The text between the quotes. */
  specifier: string;
  /** True when the whole statement vanishes with the types (`import type`, `export type`). */
  isTypeOnly: boolean;
}

/**
 * Lists the files below a folder of the project, sorted.
 *
 * @param folder Path relative to the project's root, without a slash at its end; "" for the root.
 * @returns Paths relative to the project's root; nothing when there is no such folder.
 */
export function listFiles(folder: string): string[] {
  const files: string[] = [];
  const prefix = folder === "" ? "" : `${folder}/`;
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(new URL(`./${prefix}`, PROJECT_ROOT))];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return files;
    throw error;
  }
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isFile) files.push(path);
    else if (entry.isDirectory && !FOREIGN_FOLDERS.has(entry.name)) files.push(...listFiles(path));
  }
  return files.sort();
}

/** Reads a text file of the project by its path relative to the root. */
export function readSource(path: string): string {
  return Deno.readTextFileSync(new URL(`./${path}`, PROJECT_ROOT));
}

/** Comments and strings, so that neither is taken for code, nor one for the other. */
const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

/** Takes the comments out of a source and leaves the strings in. */
export function withoutComments(source: string): string {
  return source.replace(COMMENT_OR_STRING, (token) => token.startsWith("/") ? " " : token);
}

/** Takes comments and plain strings out; templates stay, since they hold code. */
export function withoutCommentsAndStrings(source: string): string {
  return source.replace(COMMENT_OR_STRING, (token) => token.startsWith("`") ? token : " ");
}

const STATIC_IMPORT = /^\s*(?:import|export)\s(type\s)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC_IMPORT = /\bimport\s*\(\s*["']([^"']+)["']/g;
const WORKER_URL = /\bnew URL\(\s*["']([^"']+\.ts)["']\s*,\s*import\.meta\.url/g;

/** Lists what a source imports: statically, dynamically, and as the module of a worker. */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  const imports: Import[] = [];
  for (const [, type, specifier] of code.matchAll(STATIC_IMPORT)) {
    imports.push({ specifier, isTypeOnly: type !== undefined });
  }
  for (const pattern of [DYNAMIC_IMPORT, WORKER_URL]) {
    for (const [, specifier] of code.matchAll(pattern)) {
      imports.push({ specifier, isTypeOnly: false });
    }
  }
  return imports;
}

/** Resolves a relative specifier found in `path`; the result is relative to the project's root. */
export function resolveImport(path: string, specifier: string): string {
  const target = new URL(specifier, new URL(`./${path}`, PROJECT_ROOT));
  return target.pathname.slice(PROJECT_ROOT.pathname.length);
}
