/** Where the server listens, and what it asks of connections. */
import { boolean, oneOf, optionalText } from "../kinds/kind.ts";
import { bindAddresses } from "../kinds/lists.ts";
import { INT_MAX, integer, permissions, UINT_MAX } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

export const networkDirectives = [
  {
    name: "bind",
    kind: bindAddresses,
    initial: "* -::*",
    summary: "Addresses to listen on.",
  },
  {
    name: "bind-source-addr",
    kind: optionalText(),
    initial: "",
    summary: "Address that outgoing connections come from.",
    inert: "the system chooses the address",
  },
  {
    name: "protected-mode",
    kind: boolean,
    initial: "yes",
    summary: "Serve only clients on this host as long as there is no password.",
  },
  {
    name: "port",
    kind: integer(0, 65535),
    initial: "6379",
    summary: "TCP port to listen on; 0 for none.",
  },
  {
    name: "transport",
    kind: oneOf("auto", "epoll", "portable"),
    initial: "auto",
    flags: ["immutable"],
    summary:
      "What carries the clients' bytes: the system's own sockets, the runtime's, or the best.",
  },
  {
    name: "tcp-backlog",
    kind: integer(0, INT_MAX),
    initial: "511",
    flags: ["immutable"],
    summary: "How many connections may wait to be accepted at once.",
  },
  {
    name: "unixsocket",
    kind: optionalText(),
    initial: "",
    flags: ["immutable"],
    summary: "Path of a unix socket to listen on.",
  },
  {
    name: "unixsocketperm",
    kind: permissions,
    initial: "0",
    flags: ["immutable"],
    summary: "Permission bits of the unix socket; 0 leaves them to the umask.",
  },
  {
    name: "timeout",
    kind: integer(0, INT_MAX),
    initial: "0",
    summary: "Seconds after which an idle client is disconnected; 0 for never.",
  },
  {
    name: "tcp-keepalive",
    kind: integer(0, INT_MAX),
    initial: "300",
    summary: "Seconds of silence after which TCP asks whether the client is alive; 0 for never.",
  },
  {
    name: "socket-mark-id",
    kind: integer(0, UINT_MAX),
    initial: "0",
    flags: ["immutable"],
    summary: "Mark on the sockets for the system's firewall.",
    inert: "the runtime cannot mark sockets",
  },
  {
    name: "max-new-connections-per-cycle",
    kind: integer(1, 1000),
    initial: "10",
    summary: "How many connections are accepted in one turn of the event loop.",
    inert: "the runtime accepts connections as they come",
  },
  {
    name: "max-new-tls-connections-per-cycle",
    kind: integer(1, 1000),
    initial: "1",
    summary: "How many TLS connections are accepted in one turn of the event loop.",
    inert: "the runtime accepts connections as they come",
  },
] as const satisfies readonly Directive[];
