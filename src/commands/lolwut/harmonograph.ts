/**
 * Computer art for a terminal: the drawing of a harmonograph, the parlour machine of the 19th
 * century whose pen is moved by two pendulums, one to and fro, one from left to right.
 *
 * The frequencies of the pendulums are nearly in the ratio of two small numbers, a musical interval.
 * Were the interval pure and the pendulums frictionless, the pen would draw one closed curve for
 * ever; slightly out of tune and slowly coming to rest, it weaves.
 */
import type { Random } from "../../platform/mod.ts";
import { BrailleCanvas } from "./braille.ts";

/** What the pendulums sound like together, from the quietest drawing to the busiest. */
const INTERVALS: readonly (readonly [x: number, y: number, name: string])[] = [
  [1, 1, "unison"],
  [2, 1, "octave"],
  [3, 2, "fifth"],
  [4, 3, "fourth"],
  [5, 3, "sixth"],
  [5, 4, "third"],
];

/** Swings of the slower pendulum for one unit of the ratio: busy intervals are drawn for a shorter time. */
const SWINGS = 20;
/** How far out of tune the pendulums are, relative to each other. */
const DETUNE_MIN = 0.004;
const DETUNE_MAX = 0.016;
/** Which part of its swing a pendulum keeps until the end. */
const REST = 0.3;
/** Steps in which a swing is drawn. */
const STEPS_PER_SWING = 400;

const TURN = 2 * Math.PI;

/** One drawing with its caption; lines end with a line feed. */
export function drawHarmonograph(columns: number, rows: number, random: Random): string {
  const [x, y, name] = INTERVALS[random.below(INTERVALS.length)];
  const canvas = new BrailleCanvas(columns, rows);
  const detune = 1 + DETUNE_MIN + random.float() * (DETUNE_MAX - DETUNE_MIN);
  const phase = (0.14 + 0.22 * random.float()) * TURN;
  const swings = SWINGS / Math.max(x, y);
  const steps = Math.round(swings * STEPS_PER_SWING * Math.max(x, y));
  const damping = Math.log(REST) / steps;
  for (let step = 0; step <= steps; step++) {
    const turns = step / steps * swings * TURN;
    const swing = Math.exp(damping * step);
    canvas.dot(
      swing * Math.sin(turns * x * detune + phase),
      swing * Math.sin(turns * y),
    );
  }
  return `${canvas}\nA ${name}, ${x}:${y}, fading. Drawn by a harmonograph of two pendulums.\n`;
}
