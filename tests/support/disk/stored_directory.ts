/**
 * Directories as a disk keeps them: names that the system shows, and names that are sure to be there
 * after the power has failed.
 *
 * Names change in memory, and the changes of a directory reach the disk in their order, at the latest
 * when somebody waits for that directory. So a crash leaves each directory with the first so many of
 * its changes; what changes two directories, as a move between them, happens in both or in neither.
 */
import type { Random } from "../random.ts";
import { StoredFile, type Tear } from "./stored_file.ts";

export type Stored = StoredFile | StoredDirectory;

export class StoredDirectory {
  readonly names = new Map<string, Stored>();
  readonly #durable = new Map<string, Stored>();
  /** The changes that the disk may not have, oldest first. */
  readonly #pending: NameChange[] = [];

  /** A directory all of whose names are on the disk. */
  static durable(names: Iterable<readonly [string, Stored]>): StoredDirectory {
    const directory = new StoredDirectory();
    for (const [name, stored] of names) {
      directory.names.set(name, stored);
      directory.#durable.set(name, stored);
    }
    return directory;
  }

  /** Takes part in a change. */
  expect(change: NameChange): void {
    for (const { directory, name, stored } of change.edits) {
      if (directory === this) edit(this.names, name, stored);
    }
    this.#pending.push(change);
  }

  /** Waits until all changes so far are on the disk, and with them what they depend on. */
  flush(): void {
    this.#settle(this.#pending.length);
  }

  #settle(count: number): void {
    for (const change of this.#pending.splice(0, count)) {
      for (const { directory, name, stored } of change.edits) {
        if (directory === this) edit(this.#durable, name, stored);
        else directory.#settle(directory.#pending.indexOf(change) + 1);
      }
    }
  }

  /** Everything below this directory as a crash leaves it, all of it on the disk. */
  afterCrash(tearOf: () => Tear, random: Random): StoredDirectory {
    const kept = new Map<StoredDirectory, number>();
    this.#choose(kept, tearOf, random);
    return this.#rebuilt(kept, tearOf, random);
  }

  /** Chooses how many changes are kept of this directory and of those below. */
  #choose(kept: Map<StoredDirectory, number>, tearOf: () => Tear, random: Random): void {
    this.#keep(kept, keptCount(tearOf(), this.#pending.length, random));
    const below = new Set([...this.names.values(), ...this.#durable.values()]);
    for (const stored of below) {
      if (stored instanceof StoredDirectory) stored.#choose(kept, tearOf, random);
    }
  }

  #keep(kept: Map<StoredDirectory, number>, count: number): void {
    const before = kept.get(this) ?? 0;
    kept.set(this, Math.max(before, count));
    for (let i = before; i < count; i++) {
      const change = this.#pending[i];
      for (const { directory } of change.edits) {
        if (directory !== this) directory.#keep(kept, directory.#pending.indexOf(change) + 1);
      }
    }
  }

  #rebuilt(
    kept: ReadonlyMap<StoredDirectory, number>,
    tearOf: () => Tear,
    random: Random,
  ): StoredDirectory {
    const names = new Map(this.#durable);
    for (const change of this.#pending.slice(0, kept.get(this) ?? 0)) {
      for (const { directory, name, stored } of change.edits) {
        if (directory === this) edit(names, name, stored);
      }
    }
    return StoredDirectory.durable(Array.from(names, ([name, stored]) => {
      const remains = stored instanceof StoredFile
        ? StoredFile.durable(stored.afterCrash(tearOf(), random), stored)
        : stored.#rebuilt(kept, tearOf, random);
      return [name, remains] as const;
    }));
  }

  /** Everything below this directory as the system shows it, all of it on the disk. */
  copy(): StoredDirectory {
    return StoredDirectory.durable(Array.from(this.names, ([name, stored]) => {
      const same = stored instanceof StoredFile
        ? StoredFile.durable(stored.bytes, stored)
        : stored.copy();
      return [name, same] as const;
    }));
  }
}

/** A change of names that happens as a whole. */
export interface NameChange {
  readonly edits: readonly {
    readonly directory: StoredDirectory;
    readonly name: string;
    /** What has the name from now on; null: nothing. */
    readonly stored: Stored | null;
  }[];
}

/** Changes names in every directory that has a part in it. */
export function changeNames(...edits: NameChange["edits"]): void {
  const change = { edits };
  for (const directory of new Set(edits.map((one) => one.directory))) directory.expect(change);
}

function edit(names: Map<string, Stored>, name: string, stored: Stored | null): void {
  if (stored === null) names.delete(name);
  else names.set(name, stored);
}

function keptCount(tear: Tear, pending: number, random: Random): number {
  if (tear === "lost") return 0;
  return tear === "kept" ? pending : random.between(0, pending);
}
