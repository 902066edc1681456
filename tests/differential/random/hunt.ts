/** The hunt for a difference: long random sequences, and the shortest one that shows what was found. */
import { type ProcessCost, processorMs, readProcessCost } from "../../support/process_cost.ts";
import { Random } from "../../support/random.ts";
import { joinWords } from "../command_notation.ts";
import type { Pair } from "../pair.ts";
import type { Protocol } from "../reply_notation.ts";
import { showOutcome } from "../runner.ts";
import { type Discord, Duel } from "./duel.ts";
import { asCase, type Command, drawCommand, inspection } from "./generator.ts";
import { shrinkSequence } from "./shrink.ts";

/** What to hunt for how long. */
export interface Hunt {
  readonly seed: number;
  /** How many random commands. */
  readonly count: number;
  readonly protocol: Protocol;
  /** Commands whose line matches are left out: for going on before what was found is repaired. */
  readonly without?: RegExp;
}

/** Commands sent at once, before the databases are inspected. */
const BATCH_COMMANDS = 500;
/** After so many batches a sequence begins anew on empty databases, so that it can be shrunk. */
const SEQUENCE_BATCHES = 10;

/** A longer reproduction is cut at its beginning; its seed brings it back. */
const SHOWN_LINES = 40;

/**
 * Hunts until a difference or the end.
 *
 * @returns Null, or a report for people: seed, the shortest sequence found as cases for a table, and
 *   the replies that differ.
 */
export async function hunt(pair: Pair, plan: Hunt): Promise<string | null> {
  const { seed, count, protocol, without } = plan;
  const random = new Random(seed);
  for (let done = 0; done < count;) {
    const commands: Command[] = [];
    using duel = await Duel.begin(pair, protocol);
    for (let batch = 0; batch < SEQUENCE_BATCHES && done < count; batch++) {
      const size = Math.min(BATCH_COMMANDS, count - done);
      const drawn = Array.from({ length: size }, () => drawCommand(random))
        .filter(({ args }) => !without?.test(joinWords(args)));
      done += size;
      const sent = [...drawn, ...inspection];
      const discord = await duel.play(sent);
      if (discord !== null) {
        commands.push(...sent.slice(0, discord.index + 1));
        return await report(pair, { seed, count: done, protocol }, commands, discord);
      }
      commands.push(...drawn);
    }
  }
  return null;
}

async function report(
  pair: Pair,
  { seed, count, protocol }: Hunt,
  commands: readonly Command[],
  found: Discord,
): Promise<string> {
  let last = { commands, discord: found };
  const fails = async (candidate: readonly Command[]): Promise<boolean> => {
    using duel = await Duel.begin(pair, protocol);
    const discord = await duel.play(candidate);
    if (discord === null) return false;
    last = { commands: candidate.slice(0, discord.index + 1), discord };
    return true;
  };
  const again = await fails(commands);
  if (again) await shrinkSequence(last.commands, fails);
  const lines = last.commands.map((command) => `    ${asCase(command)}`);
  const says = last.discord.outcomes.map((outcome, i) =>
    `    // ${pair.servers[i].name.padEnd(14)} ${showOutcome(outcome)}`
  );
  const how = again
    ? `${commands.length} commands, of which these ${lines.length} show it:`
    : `${commands.length} commands; it did not happen again when they were repeated. The last ones:`;
  return [
    `Replies differ in RESP${protocol} with seed ${seed} after ${count} commands`,
    `(${how})`,
    ...(lines.length > SHOWN_LINES ? [`    // … ${lines.length - SHOWN_LINES} before these`] : []),
    ...lines.slice(-SHOWN_LINES),
    ...says,
  ].join("\n");
}

/** What a number of hunts cost. */
export class HuntCost {
  #pair: Pair;
  #started = performance.now();
  #before: (ProcessCost | null)[] = [];

  private constructor(pair: Pair) {
    this.#pair = pair;
  }

  static async begin(pair: Pair): Promise<HuntCost> {
    const cost = new HuntCost(pair);
    cost.#before = await readCosts(pair);
    return cost;
  }

  /** Commands a second of this comparison, and each server's processor time for one. */
  async report(count: number): Promise<string> {
    const seconds = (performance.now() - this.#started) / 1000;
    const after = await readCosts(this.#pair);
    const parts = this.#pair.servers.map((server, i) => {
      const [before, now] = [this.#before[i], after[i]];
      if (!before || !now) return `${server.name} unknown`;
      return `${server.name} ${(1000 * processorMs(before, now) / count).toFixed(2)} µs`;
    });
    return `${count} commands in ${seconds.toFixed(1)} s (${
      Math.round(count / seconds)
    }/s); processor time per command: ${parts.join(", ")}`;
  }
}

function readCosts(pair: Pair): Promise<(ProcessCost | null)[]> {
  return Promise.all(pair.servers.map((server) => readProcessCost(server.pid)));
}
