/**
 * What happens on a machine until its power fails: requests of several clients, turns of the server's
 * loop, time that passes. Drawn from a seed; a part of it can be run as well, so that what fails can be
 * shown with as little as it takes.
 */
import { COMMAND_TABLES } from "../../../src/commands/tables.ts";
import { drawCommand } from "../../differential/random/generator.ts";
import type { Random } from "../../support/random.ts";

export type Step =
  /** A client sends a request; it is run, and what it leads to waits for the end of the turn. */
  | { readonly kind: "request"; readonly client: number; readonly args: readonly string[] }
  /** The server's turn ends. */
  | { readonly kind: "turn" }
  /** Time passes. */
  | { readonly kind: "wait"; readonly ms: number };

/** What may be asked for besides changes of the data, and once in how many steps. */
export interface Chore {
  readonly args: readonly string[];
  readonly oneIn: number;
}

export interface WorkloadOptions {
  readonly steps: number;
  readonly clients: number;
  readonly chores: readonly Chore[];
}

/** What changes data and does not wait; and the choice of a database, without which one is like another. */
const writes = new Set([
  ...COMMAND_TABLES.flatMap(({ rows }) => rows)
    .filter(({ flags }) => flags?.includes("write") && !flags.includes("blocking"))
    .map(({ name }) => name),
  "select",
  "xreadgroup", // which waits only when it is told to
]);

/**
 * Arguments of a request stay shorter than this together, so that a command whose sector was lost can be
 * told from one that was not.
 */
const REQUEST_MAX_BYTES = 400;
const TURN_ONE_IN = 3;
const WAIT_ONE_IN = 5;
const WAIT_MAX_MS = 600;
/** The chance of a key to be given a time to live that ends while the workload lasts. */
const EXPIRE_ONE_IN = 12;
const TRANSACTION_ONE_IN = 10;
const TRANSACTION_MAX_REQUESTS = 5;

/** Draws a workload. */
export function drawWorkload(random: Random, options: WorkloadOptions): Step[] {
  const steps: Step[] = [];
  while (steps.length < options.steps) {
    const client = random.below(options.clients);
    const request = (...args: string[]) => steps.push({ kind: "request", client, args });
    if (random.oneIn(TRANSACTION_ONE_IN)) {
      request("MULTI");
      const count = random.below(TRANSACTION_MAX_REQUESTS + 1);
      for (let i = 0; i < count; i++) request(...drawWrite(random));
      request(random.oneIn(8) ? "DISCARD" : "EXEC");
    } else {
      request(...drawWrite(random));
    }
    for (const { args, oneIn } of options.chores) if (random.oneIn(oneIn)) request(...args);
    if (random.oneIn(TURN_ONE_IN)) steps.push({ kind: "turn" });
    if (random.oneIn(WAIT_ONE_IN)) steps.push({ kind: "wait", ms: random.below(WAIT_MAX_MS) });
  }
  return steps;
}

function drawWrite(random: Random): string[] {
  if (random.oneIn(EXPIRE_ONE_IN)) {
    const key = `${random.pick(["k", "d", "h", "l", "s", "z", "x"])}${random.below(4)}`;
    return ["PEXPIRE", key, String(random.between(1, 5000))];
  }
  for (;;) {
    const args = [...drawCommand(random).args];
    const bytes = args.reduce((sum, arg) => sum + arg.length, 0);
    if (writes.has(args[0].toLowerCase()) && bytes <= REQUEST_MAX_BYTES) return args;
  }
}

/** A step for people. */
export function stepText(step: Step): string {
  switch (step.kind) {
    case "request":
      return `client ${step.client}: ${step.args.map((arg) => JSON.stringify(arg)).join(" ")}`;
    case "turn":
      return "end of the turn";
    case "wait":
      return `${step.ms} ms pass`;
  }
}
