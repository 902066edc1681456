/** All users there are. There always is one called `default`. */
import type { Command } from "../../commands/spec.ts";
import { CommandNames } from "./allowed_commands.ts";
import type { ChannelDefault } from "./selector.ts";
import { User, type UserOrigin } from "./user.ts";
import { joinSelectors } from "./words.ts";

/** Who a client is that has not said otherwise. */
export const DEFAULT_NAME = "default";

/** A rule that cannot be applied. */
export interface RefusedRule {
  readonly rule: string;
  readonly reason: string;
  /** Whether it is no rule but a word whose parenthesis is not closed. */
  readonly isUnmatched: boolean;
}

export class Users {
  /** The user `default`; always the same object. */
  readonly fallback: User;
  readonly #origin: UserOrigin;
  #byName = new Map<string, User>();

  /**
   * @param commands What rules can name, by {@link Command.index}.
   * @param settings `acl-pubsub-default` is read for every new user and selector.
   */
  constructor(
    commands: readonly Command[],
    settings: { readonly aclPubsubDefault: ChannelDefault },
  ) {
    this.#origin = {
      names: new CommandNames(commands),
      get channels() {
        return settings.aclPubsubDefault;
      },
    };
    this.fallback = this.newDefault();
    this.#byName.set(DEFAULT_NAME, this.fallback);
  }

  get(name: string): User | null {
    return this.#byName.get(name) ?? null;
  }

  /** By the bytes of their names. */
  sorted(): User[] {
    return [...this.#byName.keys()].sort().map((name) => this.#byName.get(name)!);
  }

  /** A user that is not among them, and may do nothing yet. */
  newUser(name: string): User {
    return new User(name, this.#origin);
  }

  /** The user `default` as it is where nothing else is said: it may do everything, without a password. */
  newDefault(): User {
    const user = this.newUser(DEFAULT_NAME);
    for (const rule of ["+@all", "~*", "&*", "on", "nopass"]) user.apply(rule);
    return user;
  }

  /**
   * Makes or changes a user: by all rules or not at all.
   *
   * @param words Rules, and selectors that may be spread over several words.
   * @returns The user, or the rule that stands in the way.
   */
  set(name: string, words: readonly string[]): User | RefusedRule {
    const user = this.#byName.get(name);
    const draft = user?.clone() ?? this.newUser(name);
    const refusal = applyWords(draft, words);
    if (refusal !== null) return refusal;
    if (user === undefined) this.#byName.set(name, draft);
    else user.become(draft);
    return user ?? draft;
  }

  /** Returns the user that has been taken away; null when there is none of that name. */
  remove(name: string): User | null {
    const user = this.#byName.get(name) ?? null;
    this.#byName.delete(name);
    return user;
  }

  /**
   * Has these users from now on, and no others. Those whose names stay are the same objects as before;
   * `default` always is.
   *
   * @returns The users that are gone.
   */
  replaceAll(users: Iterable<User>): User[] {
    const old = this.#byName;
    this.#byName = new Map([[DEFAULT_NAME, this.fallback]]);
    this.fallback.become(this.newDefault());
    for (const user of users) {
      const known = old.get(user.name) ?? user;
      if (known !== user) known.become(user);
      this.#byName.set(user.name, known);
    }
    return [...old.values()].filter(({ name }) => !this.#byName.has(name));
  }
}

/** Applies rules one after the other, up to the first that cannot be applied; null when all were. */
function applyWords(user: User, words: readonly string[]): RefusedRule | null {
  const joined = joinSelectors(words);
  if ("unmatched" in joined) {
    return { rule: joined.unmatched, reason: joined.reason, isUnmatched: true };
  }
  for (const rule of joined.rules) {
    const reason = user.apply(rule);
    if (reason !== null) return { rule, reason, isUnmatched: false };
  }
  return null;
}
