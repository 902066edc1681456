/**
 * A selector: commands, together with the keys and channels that they may be used with. A user has
 * one as its root, and may have more; a request is allowed where one of them allows all of it.
 */
import { findKeys } from "../../commands/keys.ts";
import { type Command, flagBit, type KeySpec } from "../../commands/spec.ts";
import { latin1 } from "../../memory/bytes.ts";
import { globMatch } from "../../memory/glob.ts";
import type { Args } from "../../resp/args.ts";
import { AllowedCommands, type CommandNames } from "./allowed_commands.ts";
import { BAD_SYNTAX, PATTERN_AFTER_ALL_CHANNELS, PATTERN_AFTER_ALL_KEYS } from "./rule_reasons.ts";
import { allowed, Denial, refused, type Verdict } from "./verdict.ts";
import { hasSpaces } from "./words.ts";

/** What everybody may run, to show who one is. */
const NO_AUTH = flagBit("no_auth");

const READ = 1;
const WRITE = 2;

/** Keys or channels that a rule names. */
interface Pattern {
  /** One character for each byte. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** What may be done with keys that match: {@link READ}, {@link WRITE} or both. */
  readonly access: number;
}

/** Which channels may be used where no rule says so. */
export type ChannelDefault = "allchannels" | "resetchannels";

export class Selector {
  #commands: AllowedCommands;
  #allKeys = false;
  #keys: Pattern[] = [];
  #allChannels: boolean;
  #channels: Pattern[] = [];

  constructor(names: CommandNames, channels: ChannelDefault) {
    this.#commands = new AllowedCommands(names);
    this.#allChannels = channels === "allchannels";
  }

  /** Whether it allows whatever there is. */
  get isUnlimited(): boolean {
    return this.#commands.isAll && this.#allKeys && this.#allChannels;
  }

  clone(names: CommandNames): Selector {
    const copy = new Selector(names, "resetchannels");
    copy.#commands = this.#commands.clone();
    copy.#allKeys = this.#allKeys;
    copy.#keys = [...this.#keys];
    copy.#allChannels = this.#allChannels;
    copy.#channels = [...this.#channels];
    return copy;
  }

  // ---------------------------------------------------------------- rules

  /**
   * Applies a rule.
   *
   * @param rule One character for each byte.
   * @returns null, or why it is refused.
   */
  apply(rule: string): string | null {
    switch (rule.toLowerCase()) {
      case "allkeys":
      case "~*":
        this.#allKeys = true;
        this.#keys = [];
        return null;
      case "resetkeys":
        this.#allKeys = false;
        this.#keys = [];
        return null;
      case "allchannels":
      case "&*":
        this.#allChannels = true;
        this.#channels = [];
        return null;
      case "resetchannels":
        this.#allChannels = false;
        this.#channels = [];
        return null;
      case "allcommands":
        this.#commands.setAll(true);
        return null;
      case "nocommands":
        this.#commands.setAll(false);
        return null;
    }
    switch (rule[0]) {
      case "~":
      case "%":
        return this.#addKeys(rule);
      case "&":
        return this.#addChannels(rule.slice(1));
      case "+":
      case "-":
        return this.#commands.apply(rule);
    }
    return BAD_SYNTAX;
  }

  /**
   * @param rule `~pattern` for both reading and writing, or `%R~pattern`, `%W~pattern`, `%RW~pattern`;
   *   a mere `%RW` has, as in Redis, the empty pattern, which matches the empty key.
   */
  #addKeys(rule: string): string | null {
    if (this.#allKeys) return PATTERN_AFTER_ALL_KEYS;
    const parts = /^(?:%(r|w|rw|wr)|(?=~))(?:~(.*))?$/is.exec(rule);
    if (parts === null) return BAD_SYNTAX;
    const [, letters = "rw", text = ""] = parts;
    if (hasSpaces(text)) return BAD_SYNTAX;
    const access = (/r/i.test(letters) ? READ : 0) | (/w/i.test(letters) ? WRITE : 0);
    const at = this.#keys.findIndex((pattern) => pattern.text === text);
    if (at < 0) this.#keys.push({ text, bytes: latin1(text), access });
    else this.#keys[at] = { ...this.#keys[at], access: this.#keys[at].access | access };
    return null;
  }

  #addChannels(text: string): string | null {
    if (this.#allChannels) return PATTERN_AFTER_ALL_CHANNELS;
    if (hasSpaces(text)) return BAD_SYNTAX;
    if (this.#channels.some((pattern) => pattern.text === text)) return null;
    this.#channels.push({ text, bytes: latin1(text), access: 0 });
    return null;
  }

  // ---------------------------------------------------------------- what it allows

  /** Whether a request may be run; the arity of its command has been checked. */
  check(command: Command, args: Args): Verdict {
    if ((command.flagBits & NO_AUTH) === 0 && !this.#commands.allows(command, args)) {
      return refused(Denial.COMMAND, 0);
    }
    const verdict = this.#allKeys ? allowed : this.#checkKeys(command, args);
    if (verdict !== allowed || this.#allChannels || command.channels === undefined) return verdict;
    return this.#checkChannels(command.channels, args);
  }

  /** Where the arguments are malformed the command itself will say so. */
  #checkKeys(command: Command, args: Args): Verdict {
    const keys = findKeys(command, args);
    if (keys === null) return allowed;
    for (const { index, spec } of keys) {
      if (!this.#allowsKey(args, index, accessOf(spec))) return refused(Denial.KEY, index);
    }
    return allowed;
  }

  #allowsKey(args: Args, i: number, access: number): boolean {
    for (const pattern of this.#keys) {
      if ((pattern.access & access) === access && matches(pattern, args, i)) return true;
    }
    return false;
  }

  #checkChannels(channels: NonNullable<Command["channels"]>, args: Args): Verdict {
    const end = channels === "first" ? 2 : args.count;
    for (let i = 1; i < end; i++) {
      const isAllowed = channels === "patterns"
        ? this.allowsPattern(args.latin1(i))
        : this.#channels.some((pattern) => matches(pattern, args, i));
      if (!isAllowed) return refused(Denial.CHANNEL, i);
    }
    return allowed;
  }

  /** Whether a channel may be used. */
  allowsChannel(name: Uint8Array): boolean {
    return this.#allChannels ||
      this.#channels.some(({ bytes }) =>
        globMatch(bytes, 0, bytes.length, name, 0, name.length, false)
      );
  }

  /** Whether one may subscribe to a pattern: only if it stands in the rules just so. */
  allowsPattern(text: string): boolean {
    return this.#allChannels || this.#channels.some((pattern) => pattern.text === text);
  }

  /** Whether a request's command may be run, and every key may be read, whatever its name. */
  readsAllKeys(command: Command, args: Args): boolean {
    if (!this.#commands.allows(command, args)) return false;
    return this.#allKeys ||
      this.#keys.some(({ text, access }) => text === "*" && (access & READ) !== 0);
  }

  // ---------------------------------------------------------------- what it is

  describeCommands(): string {
    return this.#commands.describe();
  }

  describeKeys(): string {
    return this.#allKeys ? "~*" : this.#keys.map(keyRule).join(" ");
  }

  describeChannels(): string {
    return this.#allChannels ? "&*" : this.#channels.map(({ text }) => `&${text}`).join(" ");
  }

  /** All rules, as they could be given again. */
  describe(): string {
    const channels = this.#allChannels ? "" : "resetchannels";
    return [this.describeKeys(), channels, this.describeChannels(), this.describeCommands()]
      .filter((part) => part !== "")
      .join(" ");
  }
}

function matches({ bytes }: Pattern, args: Args, i: number): boolean {
  return globMatch(bytes, 0, bytes.length, args.bufs[i], args.starts[i], args.ends[i], false);
}

/** What a command needs of a key: to look at its data, or to change them. */
function accessOf({ does }: KeySpec): number {
  let access = 0;
  for (const deed of does) access |= deed === "access" ? READ : WRITE;
  return access;
}

function keyRule({ text, access }: Pattern): string {
  if (access === (READ | WRITE)) return `~${text}`;
  return access === READ ? `%R~${text}` : `%W~${text}`;
}
