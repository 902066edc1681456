/**
 * Hashes with fields that expire, as plain maps: what the commands on them reply and leave behind.
 *
 * Replies are written as JSON would: numbers, texts, null and arrays of them. Fields that are due stay
 * until somebody asks for just them, or {@link HashModel.expire} takes them away.
 */

interface Field {
  value: string;
  dueMs: number;
}

export type ModelReply = number | string | null | ModelReply[];
export type Condition = "" | "NX" | "XX" | "GT" | "LT";

const NEVER = Infinity;

export class HashModel {
  nowMs = 0;
  readonly keys = new Map<string, Map<string, Field>>();

  /** What active expiry does. */
  expire(): void {
    for (const key of [...this.keys.keys()]) this.#drop(key, (field) => field.dueMs <= this.nowMs);
  }

  /** How many hashes have a field with a due time. */
  get subexpiry(): number {
    return [...this.keys.values()]
      .filter((hash) => [...hash.values()].some(({ dueMs }) => dueMs < NEVER)).length;
  }

  hset(key: string, pairs: [string, string][], keepDue = false, dueMs = NEVER): number {
    const hash = this.keys.get(key) ?? new Map<string, Field>();
    this.keys.set(key, hash);
    let created = 0;
    for (const [name, value] of pairs) {
      const old = hash.get(name);
      if (old === undefined) created++;
      hash.set(name, { value, dueMs: keepDue ? old?.dueMs ?? NEVER : dueMs });
      if (dueMs <= this.nowMs) hash.delete(name);
    }
    if (hash.size === 0) this.keys.delete(key);
    return created;
  }

  hsetnx(key: string, name: string, value: string): number {
    if (this.#live(key, name) !== undefined) return 0;
    this.hset(key, [[name, value]]);
    return 1;
  }

  hsetex(
    key: string,
    pairs: [string, string][],
    condition: "" | "FNX" | "FXX",
    keepDue: boolean,
    dueMs: number,
  ): number {
    if (condition !== "") {
      this.#ask(key, pairs.map(([name]) => name));
      const found = pairs.filter(([name]) => this.keys.get(key)?.has(name)).length;
      if (condition === "FNX" ? found > 0 : found < pairs.length) return 0;
    }
    this.hset(key, pairs, keepDue, dueMs);
    return 1;
  }

  hmget(key: string, names: string[]): ModelReply[] {
    this.#ask(key, names);
    return names.map((name) => this.keys.get(key)?.get(name)?.value ?? null);
  }

  /** HGETEX: `dueMs` undefined leaves due times as they are. */
  hgetex(key: string, names: string[], dueMs: number | undefined): ModelReply[] {
    this.#ask(key, names);
    return names.map((name) => {
      const field = this.keys.get(key)?.get(name);
      if (field === undefined) return null;
      if (dueMs !== undefined) field.dueMs = dueMs;
      if (dueMs !== undefined && dueMs <= this.nowMs) this.hdel(key, [name]);
      return field.value;
    });
  }

  hgetdel(key: string, names: string[]): ModelReply[] {
    this.#ask(key, names);
    return names.map((name) => {
      const value = this.keys.get(key)?.get(name)?.value ?? null;
      this.hdel(key, [name]);
      return value;
    });
  }

  hdel(key: string, names: string[]): number {
    const hash = this.keys.get(key);
    const removed = names.filter((name) => hash?.delete(name)).length;
    if (hash?.size === 0) this.keys.delete(key);
    return removed;
  }

  hincrby(key: string, name: string, by: number): number | "error" {
    const old = this.#live(key, name);
    const value = old === undefined ? 0 : /^-?\d{1,9}$/.test(old.value) ? Number(old.value) : NaN;
    if (value !== value) return "error";
    this.hset(key, [[name, String(value + by)]], true);
    return value + by;
  }

  hexpire(key: string, names: string[], dueMs: number, condition: Condition): ModelReply[] {
    return names.map((name) => {
      const field = this.keys.get(key)?.get(name);
      if (field === undefined) return -2;
      const allowed = {
        "": true,
        NX: field.dueMs === NEVER,
        XX: field.dueMs !== NEVER,
        GT: dueMs > field.dueMs,
        LT: dueMs < field.dueMs,
      }[condition];
      if (!allowed) return 0;
      if (dueMs > this.nowMs) {
        field.dueMs = dueMs;
        return 1;
      }
      this.hdel(key, [name]);
      return 2;
    });
  }

  hpersist(key: string, names: string[]): ModelReply[] {
    return names.map((name) => {
      const field = this.keys.get(key)?.get(name);
      if (field === undefined || field.dueMs <= this.nowMs) return -2;
      if (field.dueMs === NEVER) return -1;
      field.dueMs = NEVER;
      return 1;
    });
  }

  hpexpiretime(key: string, names: string[]): ModelReply[] {
    return names.map((name) => {
      const field = this.keys.get(key)?.get(name);
      if (field === undefined || field.dueMs <= this.nowMs) return -2;
      return field.dueMs === NEVER ? -1 : field.dueMs;
    });
  }

  hlen(key: string): number {
    return this.keys.get(key)?.size ?? 0;
  }

  /** Live fields with their values, sorted. */
  hgetall(key: string): [string, string][] {
    return [...this.keys.get(key) ?? []]
      .filter(([_, { dueMs }]) => dueMs > this.nowMs)
      .map(([name, { value }]): [string, string] => [name, value])
      .sort();
  }

  /** HRANDFIELD takes all that is due away. */
  draw(key: string): string[] {
    if (this.keys.has(key)) this.#drop(key, ({ dueMs }) => dueMs <= this.nowMs);
    return [...this.keys.get(key)?.keys() ?? []].sort();
  }

  copy(from: string, to: string): number {
    const hash = this.keys.get(from);
    if (hash === undefined || from === to) return 0;
    this.keys.set(to, new Map([...hash].map(([name, field]) => [name, { ...field }])));
    return 1;
  }

  #live(key: string, name: string): Field | undefined {
    this.#ask(key, [name]);
    return this.keys.get(key)?.get(name);
  }

  /** Takes away what is due of the fields that somebody asks for. */
  #ask(key: string, names: string[]): void {
    if (!this.keys.has(key)) return;
    this.#drop(key, ({ dueMs }, name) => dueMs <= this.nowMs && names.includes(name));
  }

  #drop(key: string, goes: (field: Field, name: string) => boolean): void {
    const hash = this.keys.get(key)!;
    for (const [name, field] of [...hash]) if (goes(field, name)) hash.delete(name);
    if (hash.size === 0) this.keys.delete(key);
  }
}
