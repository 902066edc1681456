import { assert, assertEquals } from "@std/assert";
import { EPOLLIN, EPOLLOUT, eventLayout } from "../../../../src/platform/linux/constants.ts";
import { LinuxKernel } from "../../../../src/platform/linux/kernel.ts";
import { libc } from "../../../../src/platform/linux/libc.ts";
import { EpollPoller, RUNTIME } from "../../../../src/platform/linux/poller.ts";

const library = libc();
const ignore = library === null;

function newPoller(): EpollPoller {
  return new EpollPoller(library!, eventLayout(Deno.build.arch)!);
}

/** The events of one socket, as the next wait reports them; the runtime's own are left out. */
function eventsOf(poller: EpollPoller, fd: number, ms: number): number {
  const endMs = performance.now() + ms;
  do {
    const count = poller.wait(Math.max(0, Math.ceil(endMs - performance.now())));
    for (let i = 0; i < count; i++) if (poller.fd(i) === fd) return poller.events(i);
  } while (performance.now() < endMs);
  return 0;
}

Deno.test({
  name: "A poller reports what sockets are watched for, and nothing else",
  ignore,
  async fn() {
    const kernel = new LinuxKernel(library!);
    const poller = newPoller();
    const listener = kernel.listenTcp("127.0.0.1", 0, 511);
    poller.add(listener, EPOLLIN);
    assertEquals(eventsOf(poller, listener, 0), 0);
    const { port } = kernel.localAddress(listener);
    const client = await Deno.connect({ port, hostname: "127.0.0.1" });
    assertEquals(eventsOf(poller, listener, 1000), EPOLLIN);
    const fd = kernel.accept(listener);
    poller.add(fd, EPOLLIN);
    assertEquals(eventsOf(poller, fd, 0), 0);
    poller.change(fd, EPOLLIN | EPOLLOUT);
    assertEquals(eventsOf(poller, fd, 1000), EPOLLOUT);
    poller.remove(fd);
    assertEquals(eventsOf(poller, fd, 0), 0);
    client.close();
    kernel.close(fd);
    kernel.close(listener);
    poller.close();
  },
});

Deno.test({
  name: "A poller says when the runtime has something to do",
  ignore,
  async fn() {
    const poller = newPoller();
    assert(poller.isWoken);
    // The runtime hears of the end of a process that it has started.
    const cat = new Deno.Command("cat", { args: ["/dev/null"], stdout: "null" }).spawn();
    assertEquals(eventsOf(poller, RUNTIME, 5000) & EPOLLIN, EPOLLIN);
    await cat.status;
    poller.close();
  },
});
