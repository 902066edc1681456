/**
 * Which commands may be run: a bit for each, and the rules that led there.
 *
 * The rules are kept in the order in which they were given, without those that a later one has made
 * pointless, so that what is shown and saved says the same again whichever commands there will be:
 *
 *   +@all -@write +set       all commands, later ones too, but for those that write; SET yet again
 *   -@all +config|get        of CONFIG's subcommands one
 *   -@all +select|0          of a command without subcommands those calls with that first argument
 */
import { CATEGORIES, type Command } from "../../commands/spec.ts";
import type { Args } from "../../resp/args.ts";
import { BAD_SYNTAX, FIRST_ARGUMENT_OF_SUBCOMMAND, UNKNOWN_NAME } from "./rule_reasons.ts";

/** The commands that rules can name: by what they are called without `rename-command`. */
export class CommandNames {
  readonly all: readonly Command[];
  readonly #byName: ReadonlyMap<string, Command>;

  /** @param all Commands and subcommands, by {@link Command.index}. */
  constructor(all: readonly Command[]) {
    this.all = all;
    this.#byName = new Map(all.map((command) => [command.fullName, command]));
  }

  /** A command, or as `config|get` a subcommand, in any case. */
  find(name: string): Command | null {
    return this.#byName.get(name.toLowerCase()) ?? null;
  }
}

export class AllowedCommands {
  readonly #names: CommandNames;
  /** By {@link Command.index}, 32 to a word. */
  readonly #bits: Int32Array;
  /** Commands of which calls with one of these first arguments are allowed, which are in lower case. */
  readonly #firstArguments = new Map<Command, Set<string>>();
  /** Rules since the last `+@all` or `-@all`, with their signs. */
  #rules: string[] = [];
  #includesLater = false;
  #isAll = false;

  constructor(names: CommandNames) {
    this.#names = names;
    this.#bits = new Int32Array((names.all.length + 31) >>> 5);
  }

  /** Whether there is nothing to look up. */
  get isAll(): boolean {
    return this.#isAll;
  }

  clone(): AllowedCommands {
    const copy = new AllowedCommands(this.#names);
    copy.#bits.set(this.#bits);
    for (const [command, words] of this.#firstArguments) {
      copy.#firstArguments.set(command, new Set(words));
    }
    copy.#rules = [...this.#rules];
    copy.#includesLater = this.#includesLater;
    copy.#isAll = this.#isAll;
    return copy;
  }

  /** Whether a request may be run. */
  allows(command: Command, args: Args): boolean {
    if (this.#isAll) return true;
    const { index } = command;
    if ((this.#bits[index >>> 5] & (1 << (index & 31))) !== 0) return true;
    if (this.#firstArguments.size === 0 || args.count < 2) return false;
    return this.#firstArguments.get(command)?.has(args.latin1(1).toLowerCase()) ?? false;
  }

  /** All commands, or none, those included that there may be one day. */
  setAll(isAllowed: boolean): void {
    this.#bits.fill(isAllowed ? -1 : 0);
    this.#firstArguments.clear();
    this.#rules = [];
    this.#isAll = this.#includesLater = isAllowed;
  }

  /**
   * Applies a rule that begins with a plus or a minus.
   *
   * @returns null, or why it is refused.
   */
  apply(rule: string): string | null {
    const isAllowed = rule.startsWith("+");
    const name = rule.slice(1);
    if (name.startsWith("@")) return this.#applyCategory(name, isAllowed);
    const command = this.#names.find(name);
    if (command !== null) {
      this.#set(command, isAllowed);
    } else {
      if (!isAllowed) return UNKNOWN_NAME;
      const refusal = this.#allowFirstArgument(name);
      if (refusal !== null) return refusal;
    }
    this.#remember(name, isAllowed);
    return null;
  }

  /** The rules, with what they start from. */
  describe(): string {
    return [this.#includesLater ? "+@all" : "-@all", ...this.#rules].join(" ");
  }

  #applyCategory(name: string, isAllowed: boolean): string | null {
    const category = name.slice(1).toLowerCase();
    if (category === "all") {
      this.setAll(isAllowed);
      return null;
    }
    const bit = CATEGORIES.findIndex((known) => known === category);
    if (bit < 0) return UNKNOWN_NAME;
    for (const command of this.#names.all) {
      if ((command.categoryBits & (1 << bit)) !== 0) this.#set(command, isAllowed);
    }
    this.#remember(name, isAllowed);
    return null;
  }

  /** Sets a command and all its subcommands. */
  #set(command: Command, isAllowed: boolean): void {
    const { index } = command;
    const bit = 1 << (index & 31);
    if (isAllowed) this.#bits[index >>> 5] |= bit;
    else this.#bits[index >>> 5] &= ~bit;
    if (!isAllowed) this.#isAll = false;
    this.#firstArguments.delete(command);
    for (const child of command.children) this.#set(child, isAllowed);
  }

  /** @param name Such as `select|0`; no command is called so. */
  #allowFirstArgument(name: string): string | null {
    const bar = name.lastIndexOf("|");
    if (bar < 0) return UNKNOWN_NAME;
    const command = this.#names.find(name.slice(0, bar));
    const argument = name.slice(bar + 1).toLowerCase();
    if (command === null) return UNKNOWN_NAME;
    if (command.parent !== null) return FIRST_ARGUMENT_OF_SUBCOMMAND;
    if (argument === "") return BAD_SYNTAX;
    if (command.children.length > 0) return UNKNOWN_NAME;
    const words = this.#firstArguments.get(command) ?? new Set();
    this.#firstArguments.set(command, words.add(argument));
    return null;
  }

  /** Keeps a rule, and forgets those that it overrides: for the same name, or for a part of it. */
  #remember(name: string, isAllowed: boolean): void {
    const lower = name.toLowerCase();
    this.#rules = this.#rules.filter((rule) => {
      const earlier = rule.slice(1);
      return earlier !== lower && !earlier.startsWith(`${lower}|`);
    });
    this.#rules.push((isAllowed ? "+" : "-") + lower);
  }
}
