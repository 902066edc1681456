/**
 * Loading: the lines of a configuration become settings.
 *
 * A configuration is a file, then what standard input gives, then what the command line says, read as
 * one text; a later line wins. `include` puts in files at its place.
 */
import { errorText, type Files, resolvePath } from "../platform/mod.ts";
import { findDirective } from "./directives.ts";
import type { Directive } from "./directives/directive.ts";
import { ConfigError, RefusedValue, StartError } from "./errors.ts";
import { asContent, type ConfigLine, configLines, innerWords } from "./parse.ts";
import { directoryPath, hasWildcards, matchingPaths } from "./paths.ts";
import { getValue, type Settings, setValue } from "./settings.ts";

/** Where a configuration comes from. */
export interface ConfigSources {
  /** The path of a file; null for none. */
  readonly file: string | null;
  /** What standard input gave, where it is part of the configuration. */
  readonly input: Uint8Array | null;
  /** What the command line says, as lines of a file with one char for each byte. */
  readonly options: string;
}

/** A command that gets another name; none when the command is taken away. */
export interface Renaming {
  /** The name in lower case. */
  readonly from: string;
  readonly to: string;
}

/** What a configuration says besides settings. */
export interface Declarations {
  /** The `user` lines, whose words are a name and access rules. */
  readonly users: ConfigLine[];
  /** The `rename-command` lines. */
  readonly renamings: Renaming[];
}

/** Directives that Redis still takes, with one argument, though they mean nothing any more. */
const OBSOLETE = new Set([
  "list-max-ziplist-entries",
  "list-max-ziplist-value",
  "lua-replicate-commands",
]);

/** Deeper than this, files are taken to include each other. */
const MAX_INCLUDE_DEPTH = 64;

export class ConfigLoader {
  readonly #files: Files;
  readonly #settings: Settings;
  readonly #isCommand: (name: string) => boolean;
  readonly #declarations: Declarations;
  /** The directives that have stood on a line. */
  readonly #seen = new Set<Directive>();
  /** Why the server cannot start, found on a line that is sound. */
  #obstacle: string | null = null;

  /**
   * @param settings What is filled in; `dir` must be an absolute path.
   * @param isCommand Whether there is a command of that name, which is in lower case.
   * @param declarations What is filled in, likewise.
   */
  constructor(
    files: Files,
    settings: Settings,
    isCommand: (name: string) => boolean,
    declarations: Declarations,
  ) {
    this.#files = files;
    this.#settings = settings;
    this.#isCommand = isCommand;
    this.#declarations = declarations;
  }

  /**
   * @throws ConfigError at the first line that cannot be used.
   * @throws StartError when a file cannot be read, or the server has not what a line asks for.
   */
  load({ file, input, options }: ConfigSources): void {
    let content = file === null ? "" : this.#readFiles(file);
    if (input !== null) content = onLineOfItsOwn(content) + asContent(input);
    if (options !== "") content += "\n" + options;
    this.#loadContent(content, file, 0);
    if (this.#settings.clusterEnabled && this.#settings.replicaof !== null) {
      throw new ConfigError("replicaof directive not allowed in cluster mode");
    }
    if (this.#obstacle !== null) throw new StartError(this.#obstacle);
  }

  /** The content of a file, or of all files that a path with wildcards stands for. */
  #readFiles(path: string): string {
    const { dir } = this.#settings;
    const paths = hasWildcards(path) ? matchingPaths(this.#files, resolvePath(dir, path)) : [path];
    let content = "";
    for (const path of paths) {
      try {
        const bytes = this.#files.readSync(resolvePath(dir, path));
        content = onLineOfItsOwn(content) + asContent(bytes);
      } catch (error) {
        throw new StartError(`Fatal error, can't open config file '${path}': ${errorText(error)}`);
      }
    }
    return content;
  }

  #loadContent(content: string, file: string | null, depth: number): void {
    for (const line of configLines(content, file)) {
      try {
        this.#loadLine(line, depth);
      } catch (error) {
        if (error instanceof RefusedValue) throw new ConfigError(error.message, line.place);
        throw error;
      }
    }
  }

  #loadLine(line: ConfigLine, depth: number): void {
    const { name, words } = line;
    const directive = findDirective(name);
    if (directive !== undefined) {
      this.#loadSetting(directive, words);
    } else if (OBSOLETE.has(name) && words.length === 1) {
      return;
    } else if (name === "include" && words.length === 1) {
      if (depth === MAX_INCLUDE_DEPTH) throw new RefusedValue("Too many nested include directives");
      this.#loadContent(this.#readFiles(words[0]), words[0], depth + 1);
    } else if (name === "rename-command" && words.length === 2) {
      this.#loadRenaming(words[0].toLowerCase(), words[1].toLowerCase());
    } else if (name === "user" && words.length >= 1) {
      this.#declarations.users.push(line);
    } else if (name === "loadmodule" && words.length >= 1) {
      this.#obstacle ??= `Can't load module from ${words[0]}: server aborting`;
    } else if (name.includes(".")) {
      if (words.length === 0) throw new RefusedValue("Module config specified without value");
      this.#obstacle ??=
        "Module Configuration detected without loadmodule directive or no ApplyConfig call: aborting";
    } else if (name === "sentinel") {
      throw new RefusedValue("sentinel directive while not in sentinel mode");
    } else {
      throw new RefusedValue("Bad directive or wrong number of arguments");
    }
  }

  #loadSetting(directive: Directive, words: readonly string[]): void {
    const { kind } = directive;
    const isQuotedList = kind.takesWords && words.length === 1 && words[0] !== "";
    const value = readValue(this.#files, this.#settings, directive, {
      words: isQuotedList ? innerWords(words[0]) : words,
      isFurther: this.#seen.has(directive),
    });
    this.#seen.add(directive);
    setValue(this.#settings, directive, value);
  }

  #loadRenaming(from: string, to: string): void {
    const { renamings } = this.#declarations;
    if (!isName(from, this.#isCommand, renamings)) {
      throw new RefusedValue("No such command in rename-command");
    }
    if (to !== "" && to !== from && isName(to, this.#isCommand, renamings)) {
      throw new RefusedValue("Target command name already exists");
    }
    renamings.push({ from, to });
  }
}

/** Whether a command goes by that name after the renamings so far. */
function isName(
  name: string,
  isCommand: (name: string) => boolean,
  renamings: readonly Renaming[],
): boolean {
  let answer = isCommand(name);
  for (const { from, to } of renamings) {
    if (from === name) answer = false;
    if (to === name) answer = true;
  }
  return answer;
}

/** What a directive is given. */
export interface Given {
  readonly words: readonly string[];
  /** Whether this adds to an earlier line of the same configuration. */
  readonly isFurther: boolean;
}

/**
 * Reads the value that words give a directive; the settings stay as they are.
 *
 * @throws RefusedValue
 */
export function readValue(
  files: Files,
  settings: Settings,
  directive: Directive,
  { words, isFurther }: Given,
): unknown {
  const { kind, name } = directive;
  if (!kind.takesWords && words.length !== 1) throw new RefusedValue("wrong number of arguments");
  const current = getValue(settings, directive);
  const value = isFurther && kind.append !== undefined
    ? kind.append(words, current)
    : kind.parse(words, current);
  // Several servers may share this process, so none changes its working directory: `dir` is it.
  return name === "dir"
    ? directoryPath(files, words[0] && resolvePath(settings.dir, words[0]))
    : value;
}

/** The content, ended so that more can follow on a new line. */
function onLineOfItsOwn(content: string): string {
  return content === "" || content.endsWith("\n") ? content : content + "\n";
}
