/** Requests that are spelled out before the clock runs, in the portions in which they are sent. */
const CR_LF = "\r\n";

const INITIAL_BYTES = 1 << 20;

export class RequestBuffer {
  /** All requests, back to back. */
  bytes = new Uint8Array(INITIAL_BYTES);
  /** How many bytes of `bytes` are requests. */
  length = 0;
  /** How many requests there are. */
  count = 0;
  /** Where each portion begins. */
  readonly starts: number[] = [];

  /** @param pipeline How many requests make a portion. */
  constructor(readonly pipeline: number) {}

  /** How many portions there are. */
  get portions(): number {
    return this.starts.length;
  }

  /** Appends a request; its words are ASCII. */
  add(words: readonly string[]): void {
    if (this.count % this.pipeline === 0) this.starts.push(this.length);
    this.#append(`*${words.length}${CR_LF}`);
    for (const word of words) this.#append(`$${word.length}${CR_LF}${word}${CR_LF}`);
    this.count++;
  }

  /** The bytes of a portion. */
  portion(i: number): Uint8Array {
    return this.bytes.subarray(this.starts[i], this.starts[i + 1] ?? this.length);
  }

  /** How many requests a portion has: the last one may have fewer. */
  countOf(i: number): number {
    return Math.min(this.pipeline, this.count - i * this.pipeline);
  }

  #append(text: string): void {
    if (this.length + text.length > this.bytes.length) this.#grow(text.length);
    for (let i = 0; i < text.length; i++) this.bytes[this.length++] = text.charCodeAt(i);
  }

  #grow(bytes: number): void {
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, this.length + bytes));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
