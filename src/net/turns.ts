/**
 * The turns of a transport.
 *
 * The runtime polls all sockets, then settles the reads that are done, all in one go, and only then
 * runs what waits for them. Each of these takes the same number of microtasks to get through, so a
 * microtask that the first of them queues runs when all of them are through. That is the end of the
 * turn: the moment to write to the log, and then to all clients.
 */

const SETTLED = Promise.resolve();

export class Turns {
  #isRequested = false;
  readonly #end: () => void;

  /** @param end Is called at the end of each turn in which something happened. */
  constructor(end: () => void) {
    this.#end = () => {
      this.#isRequested = false;
      end();
    };
  }

  /** Something has happened: the present turn is to have an end. */
  request(): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    SETTLED.then(this.#end);
  }
}
