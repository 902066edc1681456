/**
 * The server's log, line by line as Redis writes it, because tools read it:
 *
 *     12345:M 22 Nov 2026 11:00:00.123 * Ready to accept connections tcp
 *     process, role, local time, level, message
 *
 * A line is written when the call returns. The log never throws: a full disk must not end the server.
 */
import { type Clock, type Files, type Process, writeAllSync } from "../platform/mod.ts";

/** The values of the directive `loglevel`, from the most to the least talkative. */
export const LOG_LEVELS = ["debug", "verbose", "notice", "warning", "nothing"] as const;

export type LogLevel = typeof LOG_LEVELS[number];

/** What stands in a line for its level; there are no lines of level `nothing`. */
const LEVEL_MARKS = [".", "-", "*", "#"];

const DEBUG = LOG_LEVELS.indexOf("debug");
const VERBOSE = LOG_LEVELS.indexOf("verbose");
const NOTICE = LOG_LEVELS.indexOf("notice");
const WARNING = LOG_LEVELS.indexOf("warning");

/** Who speaks: a master, a replica, or a process that is not in service (starting, or a child). */
export type LogRole = "M" | "S" | "C";

/** Back to the beginning of a terminal's line, and all of it erased. */
const CLEAR_LINE = "\r\x1b[K";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** What the log needs of the platform. */
export interface LogPlatform {
  readonly clock: Clock;
  readonly files: Files;
  readonly process: Process;
}

export class Log {
  role: LogRole = "C";
  readonly #platform: LogPlatform;
  readonly #encoder = new TextEncoder();
  #level = NOTICE;
  #path = "";
  #hasStatus = false;

  constructor(platform: LogPlatform) {
    this.#platform = platform;
  }

  /** What is less important than this is dropped. */
  get level(): LogLevel {
    return LOG_LEVELS[this.#level];
  }

  set level(level: LogLevel) {
    this.#level = LOG_LEVELS.indexOf(level);
  }

  /** The file that lines are appended to; "" is the standard output. */
  get path(): string {
    return this.#path;
  }

  /**
   * Sends the lines from now on to another file, which is made when it is missing. It is opened for
   * each line, so that it may be moved away at any time.
   *
   * @throws When the file cannot be written to; the lines go on to where they went.
   */
  setPath(path: string): void {
    if (path !== "") this.#platform.files.openSync(path, { append: true, create: true }).close();
    this.#path = path;
  }

  /** Whether somebody may be looking at the lines as they come. */
  get isOnTerminal(): boolean {
    return this.#path === "" && this.#level <= NOTICE && this.#platform.process.outIsTerminal();
  }

  /** Shows a line on the terminal that the next one takes the place of. */
  status(text: string): void {
    this.#platform.process.writeOut(this.#encoder.encode(`${CLEAR_LINE}${text}`));
    this.#hasStatus = true;
  }

  debug(message: string): void {
    if (this.#level <= DEBUG) this.#write(DEBUG, message);
  }

  verbose(message: string): void {
    if (this.#level <= VERBOSE) this.#write(VERBOSE, message);
  }

  notice(message: string): void {
    if (this.#level <= NOTICE) this.#write(NOTICE, message);
  }

  warning(message: string): void {
    if (this.#level <= WARNING) this.#write(WARNING, message);
  }

  #write(level: number, message: string): void {
    const { clock, files, process } = this.#platform;
    const time = formatTime(new Date(clock.nowMs()));
    const clear = this.#hasStatus ? CLEAR_LINE : "";
    this.#hasStatus = false;
    const line = `${clear}${process.pid}:${this.role} ${time} ${LEVEL_MARKS[level]} ${message}\n`;
    const bytes = this.#encoder.encode(line);
    if (this.#path === "") return process.writeOut(bytes);
    try {
      const file = files.openSync(this.#path, { append: true, create: true });
      try {
        writeAllSync(file, bytes);
      } finally {
        file.close();
      }
    } catch {
      // There is nobody left to tell.
    }
  }
}

/** `22 Nov 2026 11:00:00.123`, in the host's time zone. */
function formatTime(date: Date): string {
  const day = `${twoDigits(date.getDate())} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
  const minute = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  const ms = String(date.getMilliseconds()).padStart(3, "0");
  return `${day} ${minute}:${twoDigits(date.getSeconds())}.${ms}`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}
