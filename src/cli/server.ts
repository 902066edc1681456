/**
 * The default subcommand: reads the configuration, builds the server, opens its sockets, and sees to
 * it that it ends in order.
 */
import { COMMAND_TABLES } from "../commands/tables.ts";
import { Registry } from "../commands/registry.ts";
import { Config, ConfigError, parseArguments, StartError } from "../config/mod.ts";
import { utf8 } from "../memory/bytes.ts";
import { openTransport, type TransportChoice } from "../net/choose.ts";
import { ListenError, type Places, type Transport } from "../net/transport.ts";
import { errorText, type Platform, writeAllSync } from "../platform/mod.ts";
import { Log } from "../server/log.ts";
import { Server } from "../server/server.ts";
import { VERSION } from "../version.ts";

/** Starts a server; it runs until a signal or SHUTDOWN ends the process. */
export function runServer(platform: Platform): void {
  const { process, signals } = platform;
  const config = loadConfig(platform);
  const registry = new Registry(COMMAND_TABLES, config.declarations.renamings);
  const { settings } = config;
  const log = openLog(platform, config);
  log.notice("oO0OoO0OoO0Oo Keyrex is starting oO0OoO0OoO0Oo");
  log.notice(`Keyrex version=${VERSION}, bits=64, pid=${process.pid}, just started`);
  if (config.path !== null) log.notice("Configuration loaded");
  else {
    log.warning(
      "Warning: no config file specified, using the default config. In order to specify a config " +
        "file use keyrex /path/to/keyrex.conf",
    );
  }
  log.role = "M";
  log.notice(` PID: ${process.pid}`);
  for (const notice of config.notices()) log.notice(notice);

  const server = new Server({ platform, settings, registry, log, config });
  takeInUsers(server, config);
  const transport = chooseTransport(server, settings.transport);
  const sockets = open(server, transport);
  server.onShutdown(() => {
    for (const socket of sockets) socket.close();
  });
  // These are called for the old settings, too, when the new ones are refused.
  const reopen = (refusal: string) => (): string | null =>
    reopenTcp(server, transport, sockets) ? null : refusal;
  config.onChange(["port"], reopen("Unable to listen on this port. Check server logs."));
  config.onChange(["bind"], reopen("Failed to bind to specified addresses."));
  config.onChange(["tcp-keepalive"], () => {
    transport.keepAliveSeconds = settings.tcpKeepalive;
    return null;
  });
  writePidFile(server);
  signals.on("SIGINT", () => server.shutdown.signalled("SIGINT"));
  signals.on("SIGTERM", () => server.shutdown.signalled("SIGTERM"));
  server.start();
  log.notice("Server initialized");
  server.load(() => {
    if (settings.port !== 0) log.notice("Ready to accept connections tcp");
    if (settings.unixsocket !== null) log.notice("Ready to accept connections unix");
  });
}

/** The configuration of file, standard input and arguments; ends the process where it is wrong. */
function loadConfig(platform: Platform): Config {
  const registry = new Registry(COMMAND_TABLES);
  const { files, process } = platform;
  const { file, readsInput, options } = parseArguments(process.args);
  const config = new Config(files, process.workingDirectory);
  try {
    const input = readsInput ? process.readInput() : null;
    config.load({ file, input, options }, (name) => registry.byFullName(name) !== null);
    return config;
  } catch (error) {
    if (error instanceof ConfigError) process.writeError(utf8(error.report(`Keyrex ${VERSION}`)));
    else if (error instanceof StartError) new Log(platform).warning(error.message);
    else throw error;
    return process.exit(1);
  }
}

/** The users of the configuration, or of its `aclfile`; ends the process where they are wrong. */
function takeInUsers({ access, log, platform: { process } }: Server, config: Config): void {
  const { declarations: { users }, settings: { aclfile } } = config;
  if (users.length > 0 && aclfile !== "") {
    log.warning(
      "Configuring Keyrex with users defined in its configuration and at the same time with an ACL " +
        "file is invalid: define users in one of them only.",
    );
    return process.exit(1);
  }
  const refused = access.declare(
    users.map(({ words: [name, ...rules] }) => ({ name, rules })),
  );
  if (refused !== null) {
    const { index, rule, reason } = refused;
    const error = new ConfigError(
      `Error in user declaration '${rule}': ${reason}`,
      users[index].place,
    );
    process.writeError(utf8(error.report(`Keyrex ${VERSION}`)));
    return process.exit(1);
  }
  const failure = aclfile === "" ? null : access.load();
  if (failure === null) return;
  log.warning(`Aborting Keyrex startup because of ACL errors: ${failure}`);
  return process.exit(1);
}

/** The log that the settings ask for, which follows them when they change. */
function openLog(platform: Platform, config: Config): Log {
  const { settings } = config;
  const log = new Log(platform);
  log.level = settings.loglevel;
  try {
    log.setPath(settings.logfile);
  } catch (error) {
    const refusal = new ConfigError(`Can't open the log file: ${errorText(error)}`);
    platform.process.writeError(utf8(refusal.report(`Keyrex ${VERSION}`)));
    return platform.process.exit(1);
  }
  config.onChange(["loglevel"], () => {
    log.level = settings.loglevel;
    return null;
  });
  return log;
}

/** `pidfile`, which goes when the server ends. */
function writePidFile(server: Server): void {
  const { log, platform: { files, process }, settings: { pidfile } } = server;
  if (pidfile === null) return;
  try {
    const file = files.openSync(pidfile, { write: true, create: true, truncate: true });
    writeAllSync(file, utf8(`${process.pid}\n`));
    file.close();
    server.onShutdown(() => files.removeSync(pidfile));
  } catch (error) {
    log.warning(`Failed to write PID file: ${errorText(error)}`);
  }
}

/** What is to carry the clients' bytes; ends the process where that cannot be had. */
function chooseTransport(server: Server, choice: TransportChoice): Transport {
  const { log, platform } = server;
  const transport = openTransport(choice, platform, server, log);
  if (transport === null) {
    log.warning(
      `Transport ${choice} is not possible here, aborting: it takes Linux on x86-64 or ` +
        "arm64, the GNU C library, and the permission to call it",
    );
    return platform.process.exit(1);
  }
  server.transport = transport;
  return transport;
}

/** All sockets that the settings ask for; ends the process where one cannot be had. */
function open(server: Server, transport: Transport): Places[] {
  const { log, platform, settings } = server;
  try {
    const sockets = [openTcp(server, transport)];
    if (settings.unixsocket !== null) {
      sockets.push(transport.listenUnix(settings.unixsocket, settings.unixsocketperm));
    }
    return sockets;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    log.warning("Failed listening on port, aborting: " + error.message);
    return platform.process.exit(1);
  }
}

/** Listens where the settings say now, in place of `sockets[0]`; false when that cannot be had. */
function reopenTcp(server: Server, transport: Transport, sockets: Places[]): boolean {
  try {
    sockets[0] = openTcp(server, transport, sockets[0]);
    return true;
  } catch (error) {
    if (error instanceof ListenError) return false;
    throw error;
  }
}

/** The TCP sockets, in place of others if there are any; none with port 0. */
function openTcp(server: Server, transport: Transport, previous?: Places): Places {
  const { bind, port, tcpBacklog, tcpKeepalive } = server.settings;
  transport.keepAliveSeconds = tcpKeepalive;
  return transport.listenTcp(port === 0 ? [] : bind, port, tcpBacklog, previous);
}
