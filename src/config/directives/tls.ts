/** Encrypted connections. */
import { boolean, oneOf, optionalText } from "../kinds/kind.ts";
import { INT_MAX, integer } from "../kinds/numbers.ts";
import type { Directive } from "./directive.ts";

export const tlsDirectives = [
  {
    name: "tls-port",
    kind: integer(0, 65535),
    initial: "0",
    summary: "TCP port for TLS; 0 for none.",
  },
  {
    name: "tls-cert-file",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "The server's certificate, a PEM file.",
  },
  {
    name: "tls-key-file",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "The private key of the certificate.",
  },
  {
    name: "tls-key-file-pass",
    kind: optionalText(),
    initial: "",
    flags: ["sensitive"],
    summary: "The password of the private key.",
  },
  {
    name: "tls-client-cert-file",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "The certificate for connections to other servers, where it is another one.",
  },
  {
    name: "tls-client-key-file",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "The private key of `tls-client-cert-file`.",
  },
  {
    name: "tls-client-key-file-pass",
    kind: optionalText(),
    initial: "",
    flags: ["sensitive"],
    summary: "The password of `tls-client-key-file`.",
  },
  {
    name: "tls-dh-params-file",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "Parameters for Diffie-Hellman, which old clients need.",
  },
  {
    name: "tls-ca-cert-file",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "Certificates of the authorities that the other side's certificate is checked with.",
  },
  {
    name: "tls-ca-cert-dir",
    kind: optionalText(),
    initial: "",
    flags: ["volatile"],
    summary: "The same authorities, as a directory of files.",
  },
  {
    name: "tls-auth-clients",
    kind: oneOf("no", "yes", "optional"),
    initial: "yes",
    summary: "Whether clients must show a certificate.",
  },
  {
    name: "tls-replication",
    kind: boolean,
    initial: "no",
    summary: "Use TLS towards the primary.",
  },
  {
    name: "tls-cluster",
    kind: boolean,
    initial: "no",
    summary: "Use TLS between the nodes of a cluster.",
    inert: "there is no cluster mode",
  },
  {
    name: "tls-protocols",
    kind: optionalText(),
    initial: "",
    summary: "Versions of TLS to accept.",
  },
  {
    name: "tls-ciphers",
    kind: optionalText(),
    initial: "",
    summary: "Ciphers to accept up to TLS 1.2.",
  },
  {
    name: "tls-ciphersuites",
    kind: optionalText(),
    initial: "",
    summary: "Ciphers to accept in TLS 1.3.",
  },
  {
    name: "tls-prefer-server-ciphers",
    kind: boolean,
    initial: "no",
    summary: "Choose the cipher by the server's preference, not by the client's.",
  },
  {
    name: "tls-session-caching",
    kind: boolean,
    initial: "yes",
    summary: "Let clients resume sessions.",
  },
  {
    name: "tls-session-cache-size",
    kind: integer(0, INT_MAX),
    initial: "20480",
    summary: "How many sessions are remembered; 0 for no limit.",
  },
  {
    name: "tls-session-cache-timeout",
    kind: integer(0, INT_MAX),
    initial: "300",
    summary: "Seconds for which a session is remembered.",
  },
] as const satisfies readonly Directive[];
