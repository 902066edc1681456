/** Who may use the server: so far the default user, with the password of `requirepass`, if any. */
import { DEFAULT_USER } from "../commands/context.ts";
import { utf8 } from "../memory/bytes.ts";

/** What access control needs of the settings. */
export interface AccessSettings {
  /** null or "" for none. */
  readonly requirepass: string | null;
}

export class Access {
  readonly #settings: AccessSettings;

  constructor(settings: AccessSettings) {
    this.#settings = settings;
  }

  /** Whether clients must authenticate themselves. */
  get hasPassword(): boolean {
    return (this.#settings.requirepass ?? "") !== "";
  }

  hasUser(name: string): boolean {
    return name === DEFAULT_USER;
  }

  /** Whether user and password fit. How long it takes tells nothing about the password. */
  isValid(user: string, password: Uint8Array): boolean {
    if (!this.hasUser(user)) return false;
    const { requirepass } = this.#settings;
    if (requirepass === null || requirepass === "") return true;
    const expected = utf8(requirepass);
    let difference = expected.length ^ password.length;
    for (let i = 0; i < password.length; i++) {
      difference |= password[i] ^ expected[i % expected.length];
    }
    return difference === 0;
  }
}
