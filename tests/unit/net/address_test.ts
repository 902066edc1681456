import { assert, assertEquals } from "@std/assert";
import {
  formatAddress,
  isIpv4,
  isLoopback,
  isMapped,
  parseBind,
  unmapped,
} from "../../../src/net/address.ts";

Deno.test("An address is written as CLIENT LIST shows it", () => {
  assertEquals(formatAddress({ host: "127.0.0.1", port: 6379 }), "127.0.0.1:6379");
  assertEquals(formatAddress({ host: "::1", port: 6379 }), "[::1]:6379");
  assertEquals(formatAddress({ host: "/run/keyrex.sock", port: 0 }), "/run/keyrex.sock:0");
  assertEquals(formatAddress({ host: "/odd::name", port: 0 }), "/odd::name:0");
});

Deno.test("An IPv4 address on an IPv6 socket is written as what it is", () => {
  assertEquals(formatAddress({ host: "::ffff:10.0.0.7", port: 1 }), "10.0.0.7:1");
  assert(isMapped("::ffff:10.0.0.7"));
  assert(!isMapped("::ffff:1"));
  assertEquals(unmapped("::ffff:10.0.0.7"), "10.0.0.7");
  assertEquals(unmapped("::1"), "::1");
});

Deno.test("Loopback addresses are known in every form", () => {
  for (const host of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]) {
    assert(isLoopback(host), host);
  }
  for (const host of ["10.0.0.1", "::", "fe80::1", "::ffff:10.0.0.1"]) {
    assert(!isLoopback(host), host);
  }
});

Deno.test("An IPv4 address is told from names and from IPv6", () => {
  assert(isIpv4("10.0.0.1"));
  for (const host of ["localhost", "::1", "10.0.0.1.example", "1.2.3"]) assert(!isIpv4(host), host);
});

Deno.test("bind takes addresses, wildcards and a mark for those that may be missing", () => {
  assertEquals(parseBind("127.0.0.1"), { host: "127.0.0.1", isOptional: false });
  assertEquals(parseBind("-::1"), { host: "::1", isOptional: true });
  assertEquals(parseBind("*"), { host: "0.0.0.0", isOptional: false });
  assertEquals(parseBind("-::*"), { host: "::", isOptional: true });
});
