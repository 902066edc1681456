/** Who may do what. */
import { oneOf, optionalText, text } from "../kinds/kind.ts";
import { integer, LONG_MAX } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

/** For everybody, for nobody, or for clients on this host. */
const permission = oneOf("no", "yes", "local");

export const securityDirectives = [
  {
    name: "requirepass",
    kind: optionalText(),
    initial: "",
    flags: ["sensitive"],
    summary: "Password of the user `default`.",
  },
  {
    name: "aclfile",
    kind: text(),
    initial: "",
    flags: ["immutable"],
    summary: "File that holds the users.",
  },
  {
    name: "acllog-max-len",
    kind: integer(0, LONG_MAX),
    initial: "128",
    summary: "How many refusals ACL LOG remembers.",
  },
  {
    name: "acl-pubsub-default",
    kind: oneOf("allchannels", "resetchannels"),
    initial: "resetchannels",
    summary: "Which channels a new user may use.",
  },
  {
    name: "enable-protected-configs",
    kind: permission,
    initial: "no",
    flags: ["immutable"],
    summary: "Who may set protected directives at run time.",
  },
  {
    name: "enable-debug-command",
    kind: permission,
    initial: "no",
    flags: ["immutable"],
    summary: "Who may use DEBUG.",
  },
  {
    name: "enable-module-command",
    kind: permission,
    initial: "no",
    flags: ["immutable"],
    summary: "Who may use MODULE LOAD and UNLOAD, which find no modules.",
  },
] as const satisfies readonly Directive[];
