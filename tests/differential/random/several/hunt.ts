/** The hunt for a difference with several clients, some of which wait for what others do. */
import { Random } from "../../../support/random.ts";
import { joinWords } from "../../command_notation.ts";
import type { Pair } from "../../pair.ts";
import { showOutcome } from "../../runner.ts";
import type { Hunt } from "../hunt.ts";
import { shrinkSequence } from "../shrink.ts";
import { drawSequence, type Sent } from "./draw.ts";
import { type Discord, Ensemble } from "./ensemble.ts";

/** A sequence begins on empty databases and with fresh connections. */
const SEQUENCE_COMMANDS = 800;

/** While a failure is made small, a reply that does not come is not waited for longer. */
const SHRINKING_PATIENCE_MS = 250;

/** As `hunt` of ../hunt.ts, with several clients. */
export async function huntWithSeveral(pair: Pair, plan: Hunt): Promise<string | null> {
  const { seed, count, protocol, without } = plan;
  const random = new Random(seed);
  for (let done = 0; done < count;) {
    const size = Math.min(SEQUENCE_COMMANDS, count - done);
    const sequence = drawSequence(random, size)
      .filter(({ args }) => !without?.test(joinWords(args)));
    done += size;
    using ensemble = await Ensemble.begin(pair, protocol);
    const discord = await ensemble.play(sequence);
    if (discord === null) continue;
    const found = await report(pair, { ...plan, count: done }, sequence, discord);
    if (found !== null) return found;
    console.warn(`seed ${seed}: what differed after ${done} commands did not do so again`);
  }
  return null;
}

/** Null when it does not happen again: then the sockets have been read in another order, which is nobody's promise. */
async function report(
  pair: Pair,
  { seed, count, protocol }: Hunt,
  sequence: readonly Sent[],
  found: Discord,
): Promise<string | null> {
  const play = async (candidate: readonly Sent[], slowly: boolean) => {
    using ensemble = await Ensemble.begin(pair, protocol);
    const discord = await ensemble.play(candidate, { slowly, patienceMs: SHRINKING_PATIENCE_MS });
    return { discord, log: ensemble.log };
  };
  let last = found;
  const fails = async (candidate: readonly Sent[]): Promise<boolean> => {
    const { discord } = await play(candidate, false);
    if (discord !== null) last = discord;
    return discord !== null;
  };
  if (!await fails(sequence) && !await fails(sequence)) return null;
  const shrunk = await shrinkSequence(sequence, fails);
  const slow = await play(shrunk, true);
  if (slow.discord !== null) last = slow.discord;
  const says = last.outcomes.map((outcome, i) =>
    `    // ${pair.servers[i].name.padEnd(14)} ${showOutcome(outcome)}`
  );
  const how = slow.discord === null
    ? `${shrunk.length} commands show it, but not when they are sent one by one`
    : `${shrunk.length} commands show it`;
  return [
    `Replies of several clients differ in RESP${protocol} with seed ${seed} after ${count} commands`,
    `(${how}):`,
    ...slow.log.map((line) => `    ${line}`),
    `    // to ${joinWords(last.command.args)}`,
    ...says,
  ].join("\n");
}
