/**
 * The configuration of one server: where it came from, what it is, and how it changes while the
 * server runs.
 */
import { utf8 } from "../memory/bytes.ts";
import { globMatch } from "../memory/glob.ts";
import { errorText, type Files, replaceFile, resolvePath } from "../platform/mod.ts";
import { directiveNames, DIRECTIVES, findDirective, hasFlag, inertReason } from "./directives.ts";
import type { Directive } from "./directives/directive.ts";
import { RefusedValue } from "./errors.ts";
import { ConfigLoader, type ConfigSources, type Declarations, readValue } from "./load.ts";
import { rewriteConfig } from "./rewrite.ts";
import { createSettings, getValue, initialValue, type Settings, setValue } from "./settings.ts";

/**
 * Makes a new value take effect after it has been set.
 *
 * @returns null, or why it cannot be, in the words of CONFIG SET. Then the old values are set again,
 *   and the hook is called once more, for these.
 */
export type ChangeHook = () => string | null;

/** Who asks for a change, and when. */
export interface SetContext {
  /** Whether the client is on this host, for `enable-protected-configs local`. */
  readonly isLocal: boolean;
  /** Whether the server loads its data. */
  readonly isLoading: boolean;
}

/** What {@link Config.set} returns when a directive cannot be set before the data is loaded. */
export const LOADING_REFUSAL = "LOADING Redis is loading the dataset in memory";

/** A directive that CONFIG SET was given a value for. */
interface Change {
  readonly directive: Directive;
  /** The name as it was given, in lower case. */
  readonly name: string;
  readonly text: string;
  readonly old: unknown;
}

export class Config {
  /** The settings. The object stays the same, its properties change. */
  readonly settings: Settings = createSettings();

  /** What the configuration says besides settings. */
  readonly declarations: Declarations = { users: [], renamings: [] };

  readonly #files: Files;
  readonly #workingDirectory: string;
  readonly #hooks = new Map<Directive, ChangeHook[]>();
  #path: string | null = null;

  /** @param workingDirectory The absolute path where relative ones start; "" when unknown. */
  constructor(files: Files, workingDirectory: string) {
    this.#files = files;
    this.#workingDirectory = workingDirectory;
    this.settings.dir = workingDirectory;
  }

  /** The path of the configuration file, absolute where the working directory is; null for none. */
  get path(): string | null {
    return this.#path;
  }

  /**
   * Takes the configuration in, when the server starts.
   *
   * @param isCommand Whether there is a command of that name, which is in lower case.
   * @throws ConfigError at the first line that cannot be used.
   * @throws StartError when a file cannot be read, or the server has not what a line asks for.
   */
  load(sources: ConfigSources, isCommand: (name: string) => boolean): void {
    const { file } = sources;
    this.#path = file === null ? null : resolvePath(this.#workingDirectory, file);
    new ConfigLoader(this.#files, this.settings, isCommand, this.declarations)
      .load({ ...sources, file: this.#path });
  }

  /** What to tell the log at the start: a line for each setting that changes nothing here. */
  notices(): string[] {
    const notices: string[] = [];
    for (const directive of DIRECTIVES) {
      const reason = inertReason(directive);
      if (reason === null || this.#isInitial(directive)) continue;
      notices.push(`Directive '${directive.name}' has no effect: ${reason}`);
    }
    return notices;
  }

  /**
   * CONFIG GET.
   *
   * @param patterns Names or globs, in any case. A hidden directive is found by its name alone.
   * @returns Name and value of each, in the order of the patterns, then of the table; a name given
   *   without wildcards comes back as it was spelled.
   */
  get(patterns: readonly string[]): [name: string, value: string][] {
    const found = new Map<string, [string, string]>();
    for (const pattern of patterns) {
      for (const name of /[[*?]/.test(pattern) ? namesMatching(pattern) : [pattern]) {
        const directive = findDirective(name);
        const key = name.toLowerCase();
        if (directive && !found.has(key)) found.set(key, [name, this.#textOf(directive)]);
      }
    }
    return [...found.values()];
  }

  /** Whether a directive's value must not be shown to others. */
  isSensitive(name: string): boolean {
    const directive = findDirective(name);
    return directive !== undefined && hasFlag(directive, "sensitive");
  }

  /**
   * CONFIG SET: all of it or nothing.
   *
   * @returns null when it is done; {@link LOADING_REFUSAL}, which is a whole reply; else why not,
   *   without the `ERR `.
   */
  set(
    pairs: readonly (readonly [name: string, value: string])[],
    context: SetContext,
  ): string | null {
    const changes: Change[] = [];
    for (const [givenName, text] of pairs) {
      const directive = findDirective(givenName);
      if (directive === undefined) {
        return `Unknown option or number of arguments for CONFIG SET - '${givenName}'`;
      }
      const refusal = this.#refusalOf(directive, context);
      if (refusal === LOADING_REFUSAL) return refusal;
      const name = givenName.toLowerCase();
      const isRepeated = changes.some((change) => change.name === name);
      const reason = refusal ?? (isRepeated ? "duplicate parameter" : null);
      if (reason !== null) return setFailure(givenName, reason);
      changes.push({ directive, name, text, old: getValue(this.settings, directive) });
    }
    return this.#apply(changes);
  }

  /**
   * Has a hook called whenever CONFIG SET has changed one of the directives, and once only when it
   * has changed several.
   *
   * @param names Names in the table.
   */
  onChange(names: readonly string[], hook: ChangeHook): void {
    for (const name of names) {
      const directive = findDirective(name);
      if (directive === undefined) throw new RangeError(`Cannot watch a directive: no ${name}`);
      const hooks = this.#hooks.get(directive);
      if (hooks === undefined) this.#hooks.set(directive, [hook]);
      else hooks.push(hook);
    }
  }

  /**
   * CONFIG REWRITE.
   *
   * @param users The users there are now, each as ACL LIST has it without the word `user`.
   * @param everything Whether what the default says is written out, too.
   * @returns null when it is done, else why not, without the `ERR `.
   */
  rewrite(users: readonly string[], everything = false): string | null {
    if (this.#path === null) return "The server is running without a config file";
    try {
      const exists = this.#files.statusSync(this.#path) !== null;
      const old = exists ? this.#files.readSync(this.#path) : new Uint8Array();
      replaceFile(this.#files, this.#path, rewriteConfig(old, this.settings, users, everything));
      return null;
    } catch (error) {
      return `Rewriting config file: ${errorText(error)}`;
    }
  }

  #textOf(directive: Directive): string {
    return directive.kind.format(getValue(this.settings, directive));
  }

  #isInitial(directive: Directive): boolean {
    return this.#textOf(directive) === directive.kind.format(initialValue(directive));
  }

  /** Why a directive cannot be set, whatever the value; null when it can. */
  #refusalOf(directive: Directive, { isLocal, isLoading }: SetContext): string | null {
    if (hasFlag(directive, "immutable")) return "can't set immutable config";
    const { enableProtectedConfigs } = this.settings;
    const mayProtected = enableProtectedConfigs === "yes" ||
      (enableProtectedConfigs === "local" && isLocal);
    if (hasFlag(directive, "protected") && !mayProtected) return "can't set protected config";
    return isLoading && hasFlag(directive, "deny-loading") ? LOADING_REFUSAL : null;
  }

  /** Sets all values, then makes them take effect; at the first refusal all is undone. */
  #apply(changes: readonly Change[]): string | null {
    const hooks = new Map<ChangeHook, Change>();
    for (const change of changes) {
      const { directive } = change;
      const before = this.#textOf(directive);
      try {
        setValue(this.settings, directive, this.#readText(directive, change.text));
      } catch (error) {
        if (!(error instanceof RefusedValue)) throw error;
        this.#restore(changes);
        return setFailure(change.name, error.message);
      }
      if (this.#textOf(directive) === before && !hasFlag(directive, "volatile")) continue;
      for (const hook of this.#hooks.get(directive) ?? []) {
        if (!hooks.has(hook)) hooks.set(hook, change);
      }
    }

    const called: ChangeHook[] = [];
    for (const [hook, { name }] of hooks) {
      called.push(hook);
      const refusal = hook();
      if (refusal === null) continue;
      this.#restore(changes);
      for (const hook of called) hook();
      return setFailure(name, refusal);
    }
    return null;
  }

  #restore(changes: readonly Change[]): void {
    for (const { directive, old } of changes) setValue(this.settings, directive, old);
  }

  /** Reads what CONFIG SET was given: several words are parted by single spaces, without quotes. */
  #readText(directive: Directive, text: string): unknown {
    const words = directive.kind.takesWords ? (text === "" ? [] : text.split(" ")) : [text];
    return readValue(this.#files, this.settings, directive, { words, isFurther: false });
  }
}

/** The names that a glob matches, hidden ones aside. */
function namesMatching(pattern: string): string[] {
  const glob = utf8(pattern);
  const names: string[] = [];
  for (const name of directiveNames()) {
    const text = utf8(name);
    const isHidden = hasFlag(findDirective(name)!, "hidden");
    if (!isHidden && globMatch(glob, 0, glob.length, text, 0, text.length, true)) names.push(name);
  }
  return names;
}

function setFailure(name: string, reason: string): string {
  return `CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
}
