/** The classes of keyspace events as `notify-keyspace-events` spells them: a letter for each. */
import { EventClass } from "../../keyspace/events.ts";
import { RefusedValue } from "../errors.ts";
import { type Kind, oneWord } from "./kind.ts";

/** The classes that `A` stands for, in the order in which they are listed. */
const COMMON_EVENTS = [
  ["g", EventClass.GENERIC],
  ["$", EventClass.STRING],
  ["l", EventClass.LIST],
  ["s", EventClass.SET],
  ["h", EventClass.HASH],
  ["z", EventClass.ZSET],
  ["x", EventClass.EXPIRED],
  ["e", EventClass.EVICTED],
  ["t", EventClass.STREAM],
  ["d", EventClass.MODULE],
] as const;

const ALL_COMMON_EVENTS = COMMON_EVENTS.reduce((bits, [, bit]) => bits | bit, 0);

const EVENT_LETTERS: ReadonlyMap<string, number> = new Map<string, number>([
  ["A", ALL_COMMON_EVENTS],
  ...COMMON_EVENTS,
  ["n", EventClass.NEW],
  ["K", EventClass.KEYSPACE],
  ["E", EventClass.KEYEVENT],
  ["m", EventClass.KEY_MISS],
]);

/** A set of EventClass, as letters. */
export const eventClasses: Kind<number> = oneWord({
  values: "letters of `Ag$lshzxeKEtmdn`",
  read(word) {
    let bits = 0;
    for (const letter of word) {
      const bit = EVENT_LETTERS.get(letter);
      if (bit === undefined) {
        throw new RefusedValue("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
      }
      bits |= bit;
    }
    return bits;
  },
  format: eventLetters,
  write: (bits) => `"${eventLetters(bits)}"`,
});

function eventLetters(bits: number): string {
  let letters = "";
  if ((bits & ALL_COMMON_EVENTS) === ALL_COMMON_EVENTS) {
    letters = "A"; // Redis forgets `n` here; a set that is written must be read back
  } else {
    for (const [letter, bit] of COMMON_EVENTS) if (bits & bit) letters += letter;
  }
  if (bits & EventClass.NEW) letters += "n";
  if (bits & EventClass.KEYSPACE) letters += "K";
  if (bits & EventClass.KEYEVENT) letters += "E";
  if (bits & EventClass.KEY_MISS) letters += "m";
  return letters;
}
