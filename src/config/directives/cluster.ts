/** Clusters: kept and shown, so that configuration files of nodes can be read. */
import { boolean, oneOf, optionalText, text } from "../kinds/kind.ts";
import { INT_MAX, integer, LONG_MAX, memory, ULONG_MAX } from "../kinds/numbers.ts";
import { checkHostname, checkNodeName } from "./checks.ts";
import type { Directive } from "./directive.ts";

export const clusterDirectives = [
  {
    name: "cluster-enabled",
    kind: boolean,
    initial: "no",
    flags: ["immutable"],
    summary: "Be a node of a cluster.",
  },
  {
    name: "cluster-config-file",
    kind: text(),
    initial: "nodes.conf",
    flags: ["immutable"],
    summary: "File in which a node keeps what it knows of the cluster.",
  },
  {
    name: "cluster-node-timeout",
    kind: integer(0, LONG_MAX),
    initial: "15000",
    summary: "Milliseconds of silence after which a node counts as gone.",
  },
  {
    name: "cluster-port",
    kind: integer(0, 65535),
    initial: "0",
    flags: ["immutable"],
    summary: "Port for other nodes; 0 for 10000 more than `port`.",
  },
  {
    name: "cluster-announce-ip",
    kind: optionalText(),
    initial: "",
    summary: "Address to tell other nodes.",
  },
  {
    name: "cluster-announce-port",
    kind: integer(0, 65535),
    initial: "0",
    summary: "Port to tell other nodes.",
  },
  {
    name: "cluster-announce-tls-port",
    kind: integer(0, 65535),
    initial: "0",
    summary: "TLS port to tell other nodes.",
  },
  {
    name: "cluster-announce-bus-port",
    kind: integer(0, 65535),
    initial: "0",
    summary: "Port for other nodes to tell them.",
  },
  {
    name: "cluster-announce-hostname",
    kind: optionalText(checkHostname),
    initial: "",
    summary: "Host name to tell other nodes.",
  },
  {
    name: "cluster-announce-human-nodename",
    kind: optionalText(checkNodeName),
    initial: "",
    summary: "Name of the node for people.",
  },
  {
    name: "cluster-preferred-endpoint-type",
    kind: oneOf("ip", "hostname", "unknown-endpoint"),
    initial: "ip",
    summary: "What clients are told to reach a node at.",
  },
  {
    name: "cluster-replica-validity-factor",
    alias: "cluster-slave-validity-factor",
    kind: integer(0, INT_MAX),
    initial: "10",
    summary: "How old a replica's data may be when it takes over.",
  },
  {
    name: "cluster-replica-no-failover",
    alias: "cluster-slave-no-failover",
    kind: boolean,
    initial: "no",
    summary: "Never take over from the primary.",
  },
  {
    name: "cluster-migration-barrier",
    kind: integer(0, INT_MAX),
    initial: "1",
    summary: "Replicas a primary must keep before one may move to another.",
  },
  {
    name: "cluster-allow-replica-migration",
    kind: boolean,
    initial: "yes",
    summary: "Whether replicas move to primaries that have none.",
  },
  {
    name: "cluster-require-full-coverage",
    kind: boolean,
    initial: "yes",
    summary: "Serve nothing while any slot has no node.",
  },
  {
    name: "cluster-allow-reads-when-down",
    kind: boolean,
    initial: "no",
    summary: "Serve reads while the cluster is down.",
  },
  {
    name: "cluster-allow-pubsubshard-when-down",
    kind: boolean,
    initial: "yes",
    summary: "Serve sharded messages while the cluster is down.",
  },
  {
    name: "cluster-link-sendbuf-limit",
    kind: memory(0, ULONG_MAX),
    initial: "0",
    summary: "What may wait to be sent to a node; 0 for any.",
  },
  {
    name: "cluster-ping-interval",
    kind: integer(0, LONG_MAX),
    initial: "1000",
    flags: ["hidden"],
    summary: "Milliseconds between two pings to other nodes.",
  },
] as const satisfies readonly Directive[];
