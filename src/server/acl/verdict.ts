/** What the check of a request says, as one number, so that checking allocates nothing. */

/** What a request is refused for. Where selectors differ in it, the greater one is told. */
export const Denial = { COMMAND: 1, KEY: 2, CHANNEL: 3 } as const;

/** 0, or a {@link Denial} and above its two bits the index of the argument that it is about. */
export type Verdict = number;

export const allowed: Verdict = 0;

export function refused(denial: number, argument: number): Verdict {
  return argument << 2 | denial;
}

/** The {@link Denial} of a verdict. */
export function denialOf(verdict: Verdict): number {
  return verdict & 3;
}

/** The index of the argument that a verdict is about. */
export function argumentOf(verdict: Verdict): number {
  return verdict >>> 2;
}
