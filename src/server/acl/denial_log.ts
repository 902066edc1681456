/**
 * ACL LOG: what clients have been refused. The same refusal within a minute is one entry that counts;
 * as many entries are kept as `acllog-max-len` says.
 */
import type { AccessDenial, AccessLogService } from "../../commands/context.ts";

/** Refusals this much apart, in ms, are entries of their own. */
const GROUPING_MS = 60_000;
/** Only among so many of the newest entries a like one is looked for. */
const GROUPING_ENTRIES = 10;

/** What the log needs of the settings. */
export interface DenialLogSettings {
  readonly acllogMaxLen: number;
}

/** A refusal. */
export type NewDenial = Omit<AccessDenial, "id" | "count" | "createdMs" | "updatedMs">;

export class DenialLog implements AccessLogService {
  /** How many times clients were refused, by the reason, since the server was started. */
  readonly totals = { auth: 0, command: 0, key: 0, channel: 0 };
  readonly #settings: DenialLogSettings;
  /** The last one that has happened stands first. */
  #entries: AccessDenial[] = [];
  #nextId = 0;

  constructor(settings: DenialLogSettings) {
    this.#settings = settings;
  }

  /** The newest `count` entries, newest first. */
  newest(count: number): readonly AccessDenial[] {
    return this.#entries.slice(0, Math.max(0, count));
  }

  clear(): void {
    this.#entries = [];
  }

  /** Counts a refusal, and keeps it unless the log may have no entries. */
  add(denial: NewDenial, nowMs: number): void {
    this.totals[denial.reason]++;
    if (this.#settings.acllogMaxLen === 0) return this.clear();
    const at = this.#entries.slice(0, GROUPING_ENTRIES).findIndex((entry) =>
      entry.reason === denial.reason && entry.context === denial.context &&
      entry.object === denial.object && entry.user === denial.user &&
      Math.abs(nowMs - entry.updatedMs) <= GROUPING_MS
    );
    const [like] = at < 0 ? [] : this.#entries.splice(at, 1);
    this.#entries.unshift({
      ...denial,
      id: like?.id ?? this.#nextId++,
      count: (like?.count ?? 0) + 1,
      createdMs: like?.createdMs ?? nowMs,
      updatedMs: nowMs,
    });
    // As in Redis, a shorter limit takes effect with the next entry that is new.
    if (like === undefined) this.#trim();
  }

  #trim(): void {
    const { acllogMaxLen } = this.#settings;
    if (this.#entries.length > acllogMaxLen) this.#entries.length = acllogMaxLen;
  }
}
