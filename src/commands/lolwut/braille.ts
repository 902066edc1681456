/**
 * A canvas of text: each character is a Braille pattern of 2 by 4 dots, which Unicode has in the
 * order of the bits of its code point.
 */

const DOTS_ACROSS = 2;
const DOTS_DOWN = 4;
/** The pattern without dots. */
const BLANK = 0x2800;

/** The bit of each dot of a character, row by row. */
const DOT_BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

export class BrailleCanvas {
  readonly #columns: number;
  readonly #rows: number;
  readonly #patterns: Uint8Array;

  /** A blank canvas, its size in characters. */
  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#patterns = new Uint8Array(columns * rows);
  }

  /** Sets the dot at (x, y), each from -1 to 1: left to right, bottom to top. */
  dot(x: number, y: number): void {
    const column = place(x, this.#columns * DOTS_ACROSS);
    const row = place(-y, this.#rows * DOTS_DOWN);
    const at = Math.floor(row / DOTS_DOWN) * this.#columns + Math.floor(column / DOTS_ACROSS);
    this.#patterns[at] |= DOT_BITS[row % DOTS_DOWN][column % DOTS_ACROSS];
  }

  /** The rows, each ending with a line feed, without blanks at their ends. */
  toString(): string {
    let text = "";
    for (let row = 0; row < this.#rows; row++) {
      const start = row * this.#columns;
      let end = start + this.#columns;
      while (end > start && this.#patterns[end - 1] === 0) end--;
      const codes = this.#patterns.subarray(start, end);
      for (const pattern of codes) text += String.fromCharCode(BLANK + pattern);
      text += "\n";
    }
    return text;
  }
}

/** Which of `count` dots a coordinate from -1 to 1 falls on. */
function place(coordinate: number, count: number): number {
  return Math.round((coordinate + 1) / 2 * (count - 1));
}
