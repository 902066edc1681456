/** Kinds of values with several parts, each of which one directive has. */
import { RefusedValue } from "../errors.ts";
import type { Kind, Line } from "./kind.ts";
import { memoryText, parseLong, parseMemory } from "./numbers.ts";

/** A condition of `save`: after so many seconds, if so many changes have been made. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

/** Conditions of `save`. Lines add up, and an empty one clears what came before. */
export const savePoints: Kind<readonly SavePoint[]> = {
  values: 'pairs of seconds and changes, or `""` for none',
  takesWords: true,
  parse: (words) => parseSavePoints(words, []),
  append: (words, current) => parseSavePoints(words, current),
  format: (points) => points.map(savePointText).join(" "),
  lines(points) {
    const texts = points.length === 0 ? ['""'] : points.map(savePointText);
    return texts.map((text) => ({ text, needed: true }));
  },
};

function parseSavePoints(words: readonly string[], before: readonly SavePoint[]): SavePoint[] {
  if (isOneEmptyWord(words)) return [];
  const points = [...before];
  for (let i = 0; i < words.length; i += 2) {
    const seconds = parseLong(words[i]);
    const changes = i + 1 < words.length ? parseLong(words[i + 1]) : null;
    if (seconds === null || seconds < 1n || changes === null || changes < 0n) {
      throw new RefusedValue("Invalid save parameters");
    }
    points.push({ seconds: Number(seconds), changes: asInt(changes) });
  }
  return points;
}

function savePointText({ seconds, changes }: SavePoint): string {
  return `${seconds} ${changes}`;
}

const MAX_BIND_ADDRESSES = 16;

/** Addresses to listen on. One with a minus in front may be missing from the host. */
export const bindAddresses: Kind<readonly string[]> = {
  values: "up to 16 addresses; `-` before one that may be missing",
  takesWords: true,
  parse(words) {
    if (words.length > MAX_BIND_ADDRESSES) {
      throw new RefusedValue("Too many bind addresses specified.");
    }
    return isOneEmptyWord(words) ? [] : [...words];
  },
  format: (addresses) => addresses.join(" "),
  // Redis leaves its default out of the file, even where the file had it.
  lines(addresses, initial) {
    const text = addresses.join(" ");
    return text === initial.join(" ") ? [] : [{ text: text || '""', needed: true }];
  },
};

/** What waits to be sent to a client may exceed `hard` never, `soft` for `seconds` only; 0 is no limit. */
export interface BufferLimit {
  readonly hard: number;
  readonly soft: number;
  readonly seconds: number;
}

/** The limits for each class of clients. */
export interface BufferLimits {
  readonly normal: BufferLimit;
  readonly replica: BufferLimit;
  readonly pubsub: BufferLimit;
}

const CLIENT_CLASSES: Readonly<Record<string, keyof BufferLimits>> = {
  normal: "normal",
  slave: "replica",
  replica: "replica",
  pubsub: "pubsub",
};

const NO_LIMIT: BufferLimit = { hard: 0, soft: 0, seconds: 0 };

/** Limits of output buffers; classes that are not named keep theirs. */
export const bufferLimits: Kind<BufferLimits> = {
  values:
    "a class (`normal`, `replica`, `pubsub`), hard limit, soft limit and seconds; again for others",
  takesWords: true,
  parse(words, current) {
    if (words.length % 4 !== 0) {
      throw new RefusedValue("Wrong number of arguments in buffer limit configuration.");
    }
    const limits = { ...(current ?? { normal: NO_LIMIT, replica: NO_LIMIT, pubsub: NO_LIMIT }) };
    for (let i = 0; i < words.length; i += 4) {
      const clientClass = CLIENT_CLASSES[words[i].toLowerCase()];
      if (clientClass === undefined) {
        throw new RefusedValue("Invalid client class specified in buffer limit configuration.");
      }
      limits[clientClass] = parseBufferLimit(words[i + 1], words[i + 2], words[i + 3]);
    }
    return limits;
  },
  format({ normal, replica, pubsub }) {
    const classes = [["normal", normal], ["slave", replica], ["pubsub", pubsub]] as const;
    return classes.map(([name, { hard, soft, seconds }]) => `${name} ${hard} ${soft} ${seconds}`)
      .join(" ");
  },
  lines(limits, initial) {
    return (["normal", "replica", "pubsub"] as const).map((name) => {
      const text = bufferLimitText(name, limits[name]);
      return { text, needed: text !== bufferLimitText(name, initial[name]) };
    });
  },
};

function parseBufferLimit(hardWord: string, softWord: string, secondsWord: string): BufferLimit {
  const hard = parseMemory(hardWord);
  const soft = parseMemory(softWord);
  const seconds = parseLong(secondsWord);
  if (hard === null || soft === null || seconds === null || asInt(seconds) < 0) {
    throw new RefusedValue(
      "Error in hard, soft or soft_seconds setting in buffer limit configuration.",
    );
  }
  return { hard: Number(hard), soft: Number(soft), seconds: asInt(seconds) };
}

function bufferLimitText(name: string, { hard, soft, seconds }: BufferLimit): string {
  return `${name} ${memoryText(hard)} ${memoryText(soft)} ${seconds}`;
}

/** Scores for the out-of-memory killer: of a primary, of a replica, of a child process. */
export const oomScores: Kind<readonly [number, number, number]> = {
  values: "three integers, -2000 to 2000",
  takesWords: true,
  parse(words) {
    if (words.length !== 3) throw new RefusedValue("wrong number of arguments");
    const [primary, replica, child] = words.map(parseOomScore);
    return [primary, replica, child];
  },
  format: (scores) => scores.join(" "),
  lines: (scores, initial) => [{
    text: scores.join(" "),
    needed: scores.join(" ") !== initial.join(" "),
  }],
};

function parseOomScore(word: string): number {
  const score = parseLong(word);
  if (score === null || score < -2000n || score > 2000n) {
    throw new RefusedValue(
      "Invalid oom-score-adj-values, elements must be between -2000 and 2000.",
    );
  }
  return Number(score);
}

/** Percentiles from 0 to 100; `""` for none. */
export const percentiles: Kind<readonly number[]> = {
  values: 'numbers from 0 to 100, or `""` for none',
  takesWords: true,
  parse: (words) => isOneEmptyWord(words) ? [] : words.map(parsePercentile),
  format: (values) => values.map(percentileText).join(" "),
  lines: (values) => [{ text: values.map(percentileText).join(" ") || '""', needed: true }],
};

function parsePercentile(word: string): number {
  if (!/^[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf(inity)?)$/i.test(word)) {
    throw new RefusedValue("Invalid latency-tracking-info-percentiles parameters");
  }
  const value = Number(word); // NaN for the infinities
  if (!(value >= 0 && value <= 100)) {
    throw new RefusedValue(
      "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]",
    );
  }
  return value;
}

/** With six decimals at most, and no zeros at the end. */
function percentileText(value: number): string {
  return String(Number(value.toFixed(6)));
}

/** The primary of a replica. */
export interface PrimaryAddress {
  readonly host: string;
  readonly port: number;
}

/** The address of a primary; `no one` is none. */
export const primaryAddress: Kind<PrimaryAddress | null> = {
  values: "host and port, or `no one`",
  takesWords: true,
  parse(words) {
    if (words.length === 0) return null; // the default
    if (words.length !== 2) throw new RefusedValue("wrong number of arguments");
    const [host, portWord] = words;
    if (host.toLowerCase() === "no" && portWord.toLowerCase() === "one") return null;
    const port = parseLong(portWord);
    if (port === null || port < 0n || port > 65535n) throw new RefusedValue("Invalid master port");
    return { host, port: Number(port) };
  },
  format: primaryAddressText,
  lines: (address): Line[] =>
    address === null ? [] : [{ text: primaryAddressText(address), needed: true }],
};

function primaryAddressText(address: PrimaryAddress | null): string {
  return address === null ? "" : `${address.host} ${address.port}`;
}

function isOneEmptyWord(words: readonly string[]): boolean {
  return words.length === 1 && words[0] === "";
}

/** What is left of an integer when C stores it in an int. */
function asInt(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
