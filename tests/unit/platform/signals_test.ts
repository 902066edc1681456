import { SystemSignals } from "../../../src/platform/signals.ts";

Deno.test("A signal can be listened to, and no longer", () => {
  const signals = new SystemSignals();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const off = signals.on(signal, () => {});
    off();
  }
});
