/**
 * The default subcommand: reads the configuration, builds the server, opens its sockets, and sees to
 * it that it ends in order.
 */
import { COMMAND_TABLES } from "../commands/tables.ts";
import { Registry } from "../commands/registry.ts";
import { Config, ConfigError, parseArguments, StartError } from "../config/mod.ts";
import { utf8 } from "../memory/bytes.ts";
import { ListenError, type Listening, PortableTransport } from "../net/portable.ts";
import { errorText, type Platform, writeAllSync } from "../platform/mod.ts";
import { Log } from "../server/log.ts";
import { Server } from "../server/server.ts";
import { VERSION } from "../version.ts";

/** Between two attempts to listen where another socket is still being closed. */
const REOPEN_MS = 5;

const NOT_LISTENING: Listening = { addresses: [], close() {} };

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
  const transport = new PortableTransport(platform, server, log);
  const sockets = open(server, transport);
  server.onShutdown(() => {
    for (const socket of sockets) socket.close();
  });
  config.onChange(["port"], () => {
    const refusal = attemptListening(() => {
      const opened = openTcp(server, transport);
      sockets[0].close();
      sockets[0] = opened;
    });
    return refusal && "Unable to listen on this port. Check server logs.";
  });
  let bound = settings.bind.join(" ");
  config.onChange(["bind"], () => {
    // Called for the old addresses, too, when the new ones are refused.
    if (settings.bind.join(" ") === bound) return null;
    // The new addresses may contain the old ones, whose sockets are in the way until they are closed,
    // which takes a moment. Any other port shows whether the addresses can be had.
    const refusal = attemptListening(() => transport.listenTcp(settings.bind, 0, 1).close());
    if (refusal !== null) return "Failed to bind to specified addresses.";
    bound = settings.bind.join(" ");
    sockets[0].close();
    reopenSoon(server, transport, (opened) => sockets[0] = opened);
    return null;
  });
  config.onChange(["tcp-keepalive"], () => {
    transport.keepAlive = settings.tcpKeepalive > 0;
    return null;
  });
  writePidFile(server);
  signals.on("SIGINT", () => server.shutdown.signalled("SIGINT"));
  signals.on("SIGTERM", () => server.shutdown.signalled("SIGTERM"));
  server.start();
  log.notice("Server initialized");
  if (settings.port !== 0) log.notice("Ready to accept connections tcp");
  if (settings.unixsocket !== null) log.notice("Ready to accept connections unix");
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

/** All sockets that the settings ask for; ends the process where one cannot be had. */
function open(server: Server, transport: PortableTransport): Listening[] {
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

/** Why listening failed; null when it did not. */
function attemptListening(listen: () => void): string | null {
  try {
    listen();
    return null;
  } catch (error) {
    if (error instanceof ListenError) return error.message;
    throw error;
  }
}

/** Opens the TCP sockets as soon as those that were closed a moment ago are out of the way. */
function reopenSoon(
  server: Server,
  transport: PortableTransport,
  onOpen: (opened: Listening) => void,
  attempts = 100,
): void {
  server.platform.clock.after(REOPEN_MS, () => {
    const refusal = attemptListening(() => onOpen(openTcp(server, transport)));
    if (refusal === null) return;
    if (attempts > 0) reopenSoon(server, transport, onOpen, attempts - 1);
    else server.log.warning(`Failed listening after a change of 'bind': ${refusal}`);
  });
}

/** The TCP sockets; none with port 0. */
function openTcp(server: Server, transport: PortableTransport): Listening {
  const { bind, port, tcpBacklog, tcpKeepalive } = server.settings;
  transport.keepAlive = tcpKeepalive > 0;
  if (port === 0) return NOT_LISTENING;
  return transport.listenTcp(bind, port, tcpBacklog);
}
