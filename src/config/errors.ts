/**
 * The three ways in which a configuration can be wrong: a value that its directive refuses, a line
 * that cannot be used, and a start that cannot go on.
 */

/** A value that a directive refuses. The message is what CONFIG SET says about it. */
export class RefusedValue extends Error {
  override name = "RefusedValue";
}

/** Where something stands in the configuration. */
export interface Place {
  /** The file as it was named, or null for standard input and the command line without a file. */
  readonly file: string | null;
  /** Counted from 1. Files that one `include` joins, and what follows a file, count on. */
  readonly line: number;
  /** The line, without the white space around it. */
  readonly text: string;
}

/**
 * The configuration says something that cannot be. The process reports it on its standard error and
 * ends with status 1.
 */
export class ConfigError extends Error {
  override name = "ConfigError";

  /**
   * @param reason What is wrong, in Redis's words.
   * @param place The line at fault; null when no single one is.
   */
  constructor(readonly reason: string, readonly place: Place | null = null) {
    super(place === null ? reason : `${reason}: ${place.text}`);
  }

  /**
   * The report as Redis writes it; tools look for its parts.
   *
   * @param program Name and version of the program: `Keyrex 1.0.0`.
   */
  report(program: string): string {
    const at = this.place === null
      ? ""
      : `Reading the configuration file, at line ${this.place.line}\n>>> '${this.place.text}'\n`;
    return `\n*** FATAL CONFIG FILE ERROR (${program}) ***\n${at}${this.reason}\n`;
  }
}

/**
 * The configuration is sound, but the server cannot start with it. The process logs the message as a
 * warning and ends with status 1.
 */
export class StartError extends Error {
  override name = "StartError";
}
