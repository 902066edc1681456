/** The hunt for data that gets lost: trial after trial, and the shortest one that shows what was found. */
import { shrinkSequence } from "../../differential/random/shrink.ts";
import { Random } from "../../support/random.ts";
import type { Scenario } from "./scenarios.ts";
import { type Failure, type Outcome, type Plan, runTrial } from "./trial.ts";
import { drawWorkload, type Step, stepText } from "./workload.ts";

export interface HuntOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  /** The hunt ends when there were so many crashes. */
  readonly crashes: number;
}

export interface HuntResult {
  crashes: number;
  refusals: number;
  trials: number;
  /** What was found, for people; null: nothing. */
  report: string | null;
}

const STEPS = 150;
const CLIENTS = 3;
/** Of a log so much is shown. */
const SHOWN_LOG_CHARS = 2000;

/** Hunts until something is wrong, or the end. The seeds of the trials follow each other. */
export async function hunt({ scenario, seed, crashes }: HuntOptions): Promise<HuntResult> {
  const result: HuntResult = { crashes: 0, refusals: 0, trials: 0, report: null };
  for (let next = seed; result.crashes < crashes; next++) {
    const plan = planOf(scenario, next);
    const outcome = await runTrial(plan);
    result.trials++;
    result.crashes += outcome.crashes;
    result.refusals += outcome.refusals;
    if (outcome.failure !== null) {
      result.report = await report(scenario, plan, outcome);
      return result;
    }
  }
  return result;
}

/** The trial that belongs to a seed. */
function planOf(scenario: Scenario, seed: number): Plan {
  const { chores, hasFaults, latencyMaxMs, prepare, settings } = scenario;
  const steps = drawWorkload(new Random(seed), { steps: STEPS, clients: CLIENTS, chores });
  return { seed, settings, steps, prepare, latencyMaxMs, hasFaults };
}

async function report({ name }: Scenario, plan: Plan, { failure }: Outcome): Promise<string> {
  let last = { steps: plan.steps, failure: failure! };
  await shrinkSequence(plan.steps, async (steps: readonly Step[]) => {
    const { failure } = await runTrial({ ...plan, steps });
    if (failure === null || !isAlike(failure, last.failure)) return false;
    last = { steps, failure };
    return true;
  });
  const { call, depth, log, problem, tear } = last.failure;
  const where = `${call.kind} of ${call.path}, call ${call.number}`;
  return [
    `${name} with seed ${plan.seed}: ${problem}`,
    `(again with: deno task test:durability --scenario "${name}" --seed ${plan.seed})`,
    `The power failed before the ${where}; what was not waited for was ${tear ?? "mixed"}` +
    (depth > 1 ? ", while the server recovered from another failure." : "."),
    `Of ${plan.steps.length} steps these ${last.steps.length} show it:`,
    ...last.steps.map((step) => `    ${stepText(step)}`),
    "The log after the crash:",
    ...log.slice(-SHOWN_LOG_CHARS).trimEnd().split("\n").map((line) => `    ${line}`),
  ].join("\n");
}

/** Whether two failures may have the same cause, so that shrinking does not wander from one to another. */
function isAlike(a: Failure, b: Failure): boolean {
  const kind = ({ problem }: Failure) => problem.replace(/\d+|"[^"]*"/g, "").slice(0, 40);
  return kind(a) === kind(b);
}
