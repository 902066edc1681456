import { assert, assertEquals, assertThrows } from "@std/assert";
import { EAGAIN } from "../../../../src/platform/linux/constants.ts";
import { LinuxKernel } from "../../../../src/platform/linux/kernel.ts";
import { libc } from "../../../../src/platform/linux/libc.ts";
import { errorCode } from "../../../../src/platform/errors.ts";

const library = libc();
const ignore = library === null;

function newKernel(): LinuxKernel {
  return new LinuxKernel(library!);
}

/** Waits until a call has something else to say than that there is nothing yet. */
async function until(call: () => number): Promise<number> {
  for (;;) {
    const result = call();
    if (result !== -EAGAIN) return result;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

Deno.test({
  name: "Bytes travel both ways over a socket of the kernel's",
  ignore,
  async fn() {
    const kernel = newKernel();
    const listener = kernel.listenTcp("127.0.0.1", 0, 511);
    const { host, port } = kernel.localAddress(listener);
    assertEquals(host, "127.0.0.1");
    assertEquals(kernel.accept(listener), -EAGAIN);
    const client = await Deno.connect({ port, hostname: "127.0.0.1" });
    const fd = await until(() => kernel.accept(listener));
    assertEquals(kernel.accepted(), { host: "127.0.0.1", port: client.localAddr.port });
    assertEquals(kernel.localAddress(fd), { host, port });
    kernel.tune(fd, 300);
    const buf = new Uint8Array(100);
    assertEquals(kernel.receive(fd, buf, 100), -EAGAIN);
    await client.write(new Uint8Array([1, 2, 3]));
    assertEquals(await until(() => kernel.receive(fd, buf, 100)), 3);
    assertEquals([...buf.subarray(0, 3)], [1, 2, 3]);
    assertEquals(kernel.send(fd, buf.subarray(1), 2), 2);
    assertEquals(await client.read(buf), 2);
    client.close();
    assertEquals(await until(() => kernel.receive(fd, buf, 100)), 0);
    kernel.close(fd);
    kernel.close(listener);
  },
});

Deno.test({
  name: "What a connection cannot take is left, and a client that never reads is closed on",
  ignore,
  async fn() {
    const kernel = newKernel();
    const listener = kernel.listenTcp("127.0.0.1", 0, 511);
    const { port } = kernel.localAddress(listener);
    const client = await Deno.connect({ port, hostname: "127.0.0.1" });
    const fd = await until(() => kernel.accept(listener));
    const chunk = new Uint8Array(1 << 20);
    while (kernel.send(fd, chunk, chunk.length) >= 0);
    assertEquals(kernel.send(fd, chunk, chunk.length), -EAGAIN);
    kernel.close(fd);
    for (;;) if (await client.read(chunk).catch(() => null) === null) break;
    client.close();
    kernel.close(listener);
  },
});

Deno.test({
  name: "A port that is taken, and a name that nobody has, cannot be listened on",
  ignore,
  fn() {
    const kernel = newKernel();
    const listener = kernel.listenTcp("127.0.0.1", 0, 511);
    const { port } = kernel.localAddress(listener);
    const taken = assertThrows(() => kernel.listenTcp("127.0.0.1", port, 511), Error);
    assertEquals(errorCode(taken), "EADDRINUSE");
    assertEquals(taken.message, "Address already in use");
    const missing = assertThrows(() => kernel.listenTcp("192.0.2.1", 0, 511), Error);
    assertEquals(errorCode(missing), "EADDRNOTAVAIL");
    const unknown = assertThrows(() => kernel.listenTcp("no such host", 0, 511), Error);
    assert(unknown.message.length > 0);
    kernel.close(listener);
  },
});

Deno.test({
  name: "An IPv6 socket leaves IPv4 to another one",
  ignore,
  fn() {
    const kernel = newKernel();
    let six: number;
    try {
      six = kernel.listenTcp("::1", 0, 511);
    } catch {
      return; // a host without IPv6
    }
    const { host, port } = kernel.localAddress(six);
    assertEquals(host, "::1");
    const any = kernel.listenTcp("0.0.0.0", port, 511);
    kernel.close(six);
    kernel.close(any);
  },
});

Deno.test({
  name: "A unix socket has a path, unless that is too long",
  ignore,
  async fn() {
    const kernel = newKernel();
    const directory = await Deno.makeTempDir();
    const path = `${directory}/server.sock`;
    const listener = kernel.listenUnix(path, 511);
    const client = await Deno.connect({ transport: "unix", path });
    const fd = await until(() => kernel.accept(listener));
    assertEquals(kernel.send(fd, new Uint8Array([7]), 1), 1);
    assertEquals(await client.read(new Uint8Array(10)), 1);
    client.close();
    kernel.close(fd);
    kernel.close(listener);
    const error = assertThrows(() => kernel.listenUnix("x".repeat(200), 511), Error);
    assertEquals(errorCode(error), "ENAMETOOLONG");
    await Deno.remove(directory, { recursive: true });
  },
});
