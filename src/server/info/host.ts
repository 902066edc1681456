/** INFO server and INFO cpu: the program, the process and its host. */
import { VERSION } from "../../version.ts";
import { lruClock } from "../../keyspace/clock_fields.ts";
import type { Server } from "../server.ts";
import type { ServerSettings } from "../settings.ts";
import type { Fields } from "./mod.ts";

const SECONDS_PER_DAY = 86400;

export function serverSection(server: Server): Fields {
  const { process } = server.platform;
  const uptime = Math.floor((server.nowMs - server.startedMs) / 1000);
  return {
    redis_version: server.redisVersion,
    redis_git_sha1: "00000000",
    redis_git_dirty: 0,
    redis_build_id: "0",
    redis_mode: "standalone",
    server_name: "keyrex",
    keyrex_version: VERSION,
    deno_version: process.denoVersion,
    v8_version: process.v8Version,
    os: `${systemName(process.os)} ${process.osRelease} ${process.arch}`,
    arch_bits: 64,
    multiplexing_api: server.transport.multiplexing,
    transport: server.transport.name,
    process_id: process.pid,
    process_supervised: "no",
    run_id: server.runId,
    tcp_port: server.settings.port,
    server_time_usec: server.nowUs(),
    uptime_in_seconds: uptime,
    uptime_in_days: Math.floor(uptime / SECONDS_PER_DAY),
    hz: server.settings.hz,
    configured_hz: server.settings.hz,
    lru_clock: lruClock(server.nowMs),
    executable: process.executable,
    config_file: server.config.path ?? "",
    io_threads_active: 0,
    ...listeners(server.settings),
  };
}

/** Where the server listens, a line for each kind of socket. */
function listeners({ bind, port, unixsocket }: ServerSettings): Fields {
  const lines: string[] = [];
  if (port !== 0) {
    const binds = bind.map((address) => `bind=${address},`).join("");
    lines.push(`name=tcp,${binds}port=${port}`);
  }
  if (unixsocket !== null) lines.push(`name=unix,bind=${unixsocket}`);
  return Object.fromEntries(lines.map((line, i) => [`listener${i}`, line]));
}

export function cpuSection(server: Server): Fields {
  const { userUs, systemUs } = server.platform.process.cpuTimes();
  return {
    used_cpu_sys: (systemUs / 1e6).toFixed(6),
    used_cpu_user: (userUs / 1e6).toFixed(6),
    used_cpu_sys_children: "0.000000",
    used_cpu_user_children: "0.000000",
  };
}

function systemName(os: string): string {
  return os.charAt(0).toUpperCase() + os.slice(1);
}
