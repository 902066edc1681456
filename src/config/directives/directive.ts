/** What a directive is: the row from which everything else about it is derived. */
import type { Kind } from "../kinds/kind.ts";

export type DirectiveFlag =
  /** CONFIG SET refuses it. */
  | "immutable"
  /** CONFIG SET refuses it unless `enable-protected-configs` allows. */
  | "protected"
  /** CONFIG SET refuses it while the server loads its data. */
  | "deny-loading"
  /** Its value does not show in the log, in SLOWLOG and to MONITOR. */
  | "sensitive"
  /** CONFIG GET shows it only to those who know its name. */
  | "hidden"
  /** Its hooks run also when CONFIG SET gives it the value it has: a file may have changed. */
  | "volatile";

export interface Directive {
  readonly name: string;
  /** An older name, which CONFIG GET shows besides. */
  readonly alias?: string;
  readonly kind: Kind<unknown>;
  /** The value when nobody sets it, as redis.conf would have it after the name. */
  readonly initial: string;
  readonly flags?: readonly DirectiveFlag[];
  /** One line, in our own words. */
  readonly summary: string;
  /** Why the value is kept and shown but changes nothing here. */
  readonly inert?: string;
}
