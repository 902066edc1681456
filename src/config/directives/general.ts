/** The process: how it runs, logs and ends. */
import { boolean, oneOf, optionalText, someOf, text } from "../kinds/kind.ts";
import { INT_MAX, integer } from "../kinds/numbers.ts";
import { checkProcessTitle, checkShutdownWords } from "./checks.ts";
import type { Directive } from "./directive.ts";

const IN_FOREGROUND = "the server runs in the foreground; leave the rest to the service manager";
const NO_SYSLOG = "the log goes to `logfile` or to the standard output";
const ONE_THREAD = "commands run on one thread";
const NO_AFFINITY = "the runtime cannot bind threads to processors";
const NO_TITLE = "the runtime cannot change the title of the process";
const NO_CRASH_LOG = "the runtime reports its crashes itself";

/** How a signal ends the server; none of these words is `default`. */
const shutdownWords = someOf("default", ["save", "nosave", "now", "force"], checkShutdownWords);

export const generalDirectives = [
  {
    name: "databases",
    kind: integer(1, INT_MAX),
    initial: "16",
    flags: ["immutable"],
    summary: "How many databases SELECT can choose from.",
  },
  {
    name: "dir",
    kind: text(),
    initial: ".",
    flags: ["protected", "deny-loading"],
    summary: "Directory that relative paths start from, and that the data is kept in.",
  },
  {
    name: "daemonize",
    kind: boolean,
    initial: "no",
    flags: ["immutable"],
    summary: "Run in the background.",
    inert: IN_FOREGROUND,
  },
  {
    name: "supervised",
    kind: oneOf("upstart", "systemd", "auto", "no"),
    initial: "no",
    flags: ["immutable"],
    summary: "Tell the service manager when the server is ready.",
    inert: IN_FOREGROUND,
  },
  {
    name: "pidfile",
    kind: optionalText(),
    initial: "",
    flags: ["immutable"],
    summary: "File that holds the process id while the server runs.",
  },
  {
    name: "loglevel",
    kind: oneOf("debug", "verbose", "notice", "warning", "nothing"),
    initial: "notice",
    summary: "The least important messages that are logged.",
  },
  {
    name: "logfile",
    kind: text(),
    initial: "",
    flags: ["immutable"],
    summary: "File that the log is appended to; none for the standard output.",
  },
  {
    name: "hide-user-data-from-log",
    kind: boolean,
    initial: "no",
    summary: "Keep users' keys and values out of the log.",
  },
  {
    name: "syslog-enabled",
    kind: boolean,
    initial: "no",
    flags: ["immutable"],
    summary: "Log to the system's log as well.",
    inert: NO_SYSLOG,
  },
  {
    name: "syslog-ident",
    kind: text(),
    initial: "redis",
    flags: ["immutable"],
    summary: "Name in the system's log.",
    inert: NO_SYSLOG,
  },
  {
    name: "syslog-facility",
    kind: oneOf(
      "user",
      "local0",
      "local1",
      "local2",
      "local3",
      "local4",
      "local5",
      "local6",
      "local7",
    ),
    initial: "local0",
    flags: ["immutable"],
    summary: "Facility in the system's log.",
    inert: NO_SYSLOG,
  },
  {
    name: "crash-log-enabled",
    kind: boolean,
    initial: "yes",
    summary: "Log a report when the process crashes.",
    inert: NO_CRASH_LOG,
  },
  {
    name: "crash-memcheck-enabled",
    kind: boolean,
    initial: "yes",
    summary: "Test the memory when the process crashes.",
    inert: NO_CRASH_LOG,
  },
  {
    name: "always-show-logo",
    kind: boolean,
    initial: "no",
    flags: ["immutable"],
    summary: "Show the logo in the log even when it is no terminal.",
    inert: "there is no logo",
  },
  {
    name: "set-proc-title",
    kind: boolean,
    initial: "yes",
    flags: ["immutable"],
    summary: "Show what the server does in the title of the process.",
    inert: NO_TITLE,
  },
  {
    name: "proc-title-template",
    kind: text(checkProcessTitle),
    initial: "{title} {listen-addr} {server-mode}",
    summary: "What the title of the process says.",
    inert: NO_TITLE,
  },
  {
    name: "locale-collate",
    kind: text(),
    initial: "",
    summary: "Locale by whose rules texts are compared; none for the environment's.",
  },
  {
    name: "hz",
    kind: integer(0, INT_MAX, { atLeast: 1, atMost: 500 }),
    initial: "10",
    summary: "How many times a second background work is done; 1 to 500.",
  },
  {
    name: "dynamic-hz",
    kind: boolean,
    initial: "yes",
    summary: "Do background work more often when there are many clients.",
  },
  {
    name: "io-threads",
    kind: integer(1, 128),
    initial: "1",
    flags: ["immutable"],
    summary: "How many threads read requests and write replies.",
    inert: ONE_THREAD,
  },
  {
    name: "io-threads-do-reads",
    kind: boolean,
    initial: "no",
    flags: ["immutable"],
    summary: "Let those threads parse requests, too.",
    inert: ONE_THREAD,
  },
  {
    name: "server-cpulist",
    alias: "server_cpulist",
    kind: optionalText(),
    initial: "",
    flags: ["immutable"],
    summary: "Processors for the main thread.",
    inert: NO_AFFINITY,
  },
  {
    name: "bio-cpulist",
    alias: "bio_cpulist",
    kind: optionalText(),
    initial: "",
    flags: ["immutable"],
    summary: "Processors for background threads.",
    inert: NO_AFFINITY,
  },
  {
    name: "aof-rewrite-cpulist",
    alias: "aof_rewrite_cpulist",
    kind: optionalText(),
    initial: "",
    flags: ["immutable"],
    summary: "Processors for the rewriting of the append-only file.",
    inert: NO_AFFINITY,
  },
  {
    name: "bgsave-cpulist",
    alias: "bgsave_cpulist",
    kind: optionalText(),
    initial: "",
    flags: ["immutable"],
    summary: "Processors for background saving.",
    inert: NO_AFFINITY,
  },
  {
    name: "shutdown-timeout",
    kind: integer(0, INT_MAX),
    initial: "10",
    summary: "Seconds that a shutdown waits for replicas to catch up.",
  },
  {
    name: "shutdown-on-sigint",
    kind: shutdownWords,
    initial: "default",
    summary: "How SIGINT shuts down: the options of SHUTDOWN.",
  },
  {
    name: "shutdown-on-sigterm",
    kind: shutdownWords,
    initial: "default",
    summary: "How SIGTERM shuts down: the options of SHUTDOWN.",
  },
  {
    name: "ignore-warnings",
    kind: text(),
    initial: "",
    summary: "Warnings about the host that do not stop the start.",
    inert: "no warning stops the start",
  },
] as const satisfies readonly Directive[];
