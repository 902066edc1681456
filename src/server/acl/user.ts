/** A user: how it shows who it is, and what it may do. */
import type { Command } from "../../commands/spec.ts";
import { latin1, latin1Text } from "../../memory/bytes.ts";
import { splitArguments } from "../../memory/quoting.ts";
import { sha256Hex } from "../../memory/sha256.ts";
import type { Args } from "../../resp/args.ts";
import type { CommandNames } from "./allowed_commands.ts";
import { BAD_PASSWORD_HASH, BAD_SYNTAX, NO_SUCH_PASSWORD } from "./rule_reasons.ts";
import { type ChannelDefault, Selector } from "./selector.ts";
import { allowed, Denial, denialOf, refused, type Verdict } from "./verdict.ts";
import { shownText } from "./words.ts";

/** What a new user needs to know. */
export interface UserOrigin {
  readonly names: CommandNames;
  /** `acl-pubsub-default`. */
  readonly channels: ChannelDefault;
}

export class User {
  /** One character for each byte. */
  readonly name: string;
  readonly #origin: UserOrigin;
  #isEnabled = false;
  #needsNoPassword = false;
  #sanitizesPayload = true;
  /** SHA-256, in hexadecimal digits. */
  #passwords: string[] = [];
  /** The root first. */
  #selectors: Selector[];
  #isRestricted = true;

  /** A user that may do nothing, not even come in. */
  constructor(name: string, origin: UserOrigin) {
    this.name = name;
    this.#origin = origin;
    this.#selectors = [this.#newSelector()];
  }

  /** Whether requests must be checked: false for one that may do everything. */
  get isRestricted(): boolean {
    return this.#isRestricted;
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  /** Whether any password will do. */
  get needsNoPassword(): boolean {
    return this.#needsNoPassword;
  }

  /** The hashes of the passwords, in hexadecimal digits. */
  get passwords(): readonly string[] {
    return this.#passwords;
  }

  /** What it may do: the root, then further ones. */
  get selectors(): readonly Selector[] {
    return this.#selectors;
  }

  /** A user of the same name that is the same. */
  clone(): User {
    const copy = new User(this.name, this.#origin);
    copy.become(this);
    return copy;
  }

  /** Takes over what another user is, but for the name. */
  become(other: User): void {
    this.#isEnabled = other.#isEnabled;
    this.#needsNoPassword = other.#needsNoPassword;
    this.#sanitizesPayload = other.#sanitizesPayload;
    this.#passwords = [...other.#passwords];
    this.#selectors = other.#selectors.map((selector) => selector.clone(this.#origin.names));
    this.#isRestricted = other.#isRestricted;
  }

  // ---------------------------------------------------------------- rules

  /**
   * Applies a rule.
   *
   * @param rule One character for each byte.
   * @returns null, or why it is refused; then nothing has changed.
   */
  apply(rule: string): string | null {
    const refusal = this.#apply(rule);
    this.#isRestricted = !this.#selectors[0].isUnlimited;
    return refusal;
  }

  #apply(rule: string): string | null {
    switch (rule.toLowerCase()) {
      case "":
        return null;
      case "on":
        this.#isEnabled = true;
        return null;
      case "off":
        this.#isEnabled = false;
        return null;
      case "nopass":
        this.#needsNoPassword = true;
        this.#passwords = [];
        return null;
      case "resetpass":
        this.#needsNoPassword = false;
        this.#passwords = [];
        return null;
      case "sanitize-payload":
        this.#sanitizesPayload = true;
        return null;
      case "skip-sanitize-payload":
        this.#sanitizesPayload = false;
        return null;
      case "clearselectors":
        this.#selectors.length = 1;
        return null;
      case "reset":
        this.become(new User(this.name, this.#origin));
        return null;
    }
    if (/^[><#!]/.test(rule)) return this.#applyPassword(rule[0], rule.slice(1));
    if (rule.startsWith("(") && rule.endsWith(")")) return this.#addSelector(rule.slice(1, -1));
    return this.#selectors[0].apply(rule);
  }

  /** @param sign `>` adds and `<` removes a password, `#` and `!` one whose hash is given. */
  #applyPassword(sign: string, text: string): string | null {
    const isHash = sign === "#" || sign === "!";
    if (isHash && !/^[0-9a-f]{64}$/.test(text)) return BAD_PASSWORD_HASH;
    const hash = isHash ? text : sha256Hex(latin1(text));
    const at = this.#passwords.indexOf(hash);
    if (sign === "<" || sign === "!") {
      if (at < 0) return NO_SUCH_PASSWORD;
      this.#passwords.splice(at, 1);
      return null;
    }
    if (at < 0) this.#passwords.push(hash);
    this.#needsNoPassword = false;
    return null;
  }

  /** @param text Rules, parted by spaces. */
  #addSelector(text: string): string | null {
    const words = splitArguments(latin1(text), 0, text.length);
    if (words === null) return BAD_SYNTAX;
    const selector = this.#newSelector();
    for (const word of words) {
      const refusal = selector.apply(latin1Text(word, 0, word.length));
      if (refusal !== null) return refusal;
    }
    this.#selectors.push(selector);
    return null;
  }

  #newSelector(): Selector {
    return new Selector(this.#origin.names, this.#origin.channels);
  }

  // ---------------------------------------------------------------- what it may

  /** Whether this is the user's password. How long it takes tells nothing about the right ones. */
  knows(password: Uint8Array): boolean {
    if (!this.#isEnabled) return false;
    if (this.#needsNoPassword) return true;
    const hash = sha256Hex(password);
    let isKnown = false;
    for (const known of this.#passwords) {
      let difference = 0;
      for (let i = 0; i < hash.length; i++) difference |= hash.charCodeAt(i) ^ known.charCodeAt(i);
      isKnown = difference === 0 || isKnown;
    }
    return isKnown;
  }

  /** Whether a request may be run; else what the selector says that comes closest to allowing it. */
  check(command: Command, args: Args): Verdict {
    let closest = refused(Denial.COMMAND, 0);
    for (const selector of this.#selectors) {
      const verdict = selector.check(command, args);
      if (verdict === allowed) return allowed;
      const [denial, least] = [denialOf(verdict), denialOf(closest)];
      if (denial > least || (denial === least && verdict > closest)) closest = verdict;
    }
    return closest;
  }

  /** Whether a request may read keys of any name, which it does not name. */
  readsAllKeys(command: Command, args: Args): boolean {
    return this.#selectors.some((selector) => selector.readsAllKeys(command, args));
  }

  allowsChannel(name: Uint8Array): boolean {
    return this.#selectors.some((selector) => selector.allowsChannel(name));
  }

  allowsPattern(text: string): boolean {
    return this.#selectors.some((selector) => selector.allowsPattern(text));
  }

  // ---------------------------------------------------------------- what it is

  /** The words for what is neither password nor selector. */
  flags(): string[] {
    const flags = [this.#isEnabled ? "on" : "off"];
    if (this.#needsNoPassword) flags.push("nopass");
    flags.push(this.#sanitizesPayload ? "sanitize-payload" : "skip-sanitize-payload");
    return flags;
  }

  /** Name and rules, as a `user` line has them after that word. One character for each byte. */
  describe(): string {
    const [root, ...others] = this.#selectors;
    return [
      this.name,
      ...this.flags(),
      ...this.#passwords.map((hash) => `#${hash}`),
      root.describe(),
      ...others.map((selector) => `(${selector.describe()})`),
    ].join(" ");
  }

  get shownName(): string {
    return shownText(this.name);
  }
}
