import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { Config, LOADING_REFUSAL } from "../../../src/config/config.ts";
import { SystemFiles } from "../../../src/platform/files.ts";
import { withFolder } from "./folder.ts";

/** A configuration with these lines, and no file. */
function configOf(options = "", workingDirectory = "/"): Config {
  const config = new Config(new SystemFiles(), workingDirectory);
  config.load({ file: null, input: null, options }, () => false);
  return config;
}

const FROM_AFAR = { isLocal: false, isLoading: false };

Deno.test("CONFIG GET finds by name and by glob, each directive once", () => {
  const config = configOf();
  assertEquals(config.get(["maxmemory", "MAXMEMORY-*s", "maxmemory", "nosuch"]), [
    ["maxmemory", "0"],
    ["maxmemory-clients", "0"],
    ["maxmemory-samples", "5"],
  ]);
  assertEquals(config.get(["MaxMemory", "maxmemory"]), [["MaxMemory", "0"]]);
  assertEquals(config.get(["*-ziplist-size", "slaveof"]), [
    ["list-max-ziplist-size", "-2"],
    ["slaveof", ""],
  ]);
});

Deno.test("CONFIG GET shows what is hidden to those who know its name", () => {
  const config = configOf();
  assertEquals(config.get(["watchdog-*"]), []);
  assertEquals(config.get(["watchdog-period"]), [["watchdog-period", "0"]]);
});

Deno.test("CONFIG SET sets all of it", () => {
  const config = configOf();
  assertEquals(config.set([["hz", "20"], ["SLAVE-priority", "5"]], FROM_AFAR), null);
  assertEquals([config.settings.hz, config.settings.replicaPriority], [20, 5]);
});

Deno.test("CONFIG SET sets nothing when one value is refused", () => {
  const config = configOf();
  assertEquals(
    config.set([["hz", "20"], ["save", "1 1"], ["Slave-Priority", "x"]], FROM_AFAR),
    "CONFIG SET failed (possibly related to argument 'slave-priority') - " +
      "argument couldn't be parsed into an integer",
  );
  assertEquals([config.settings.hz, config.settings.save.length], [10, 3]);
});

Deno.test("CONFIG SET refuses what it does not know, and what comes twice", () => {
  const config = configOf();
  assertEquals(
    config.set([["hz", "20"], ["Foo", "1"], ["port", "x"]], FROM_AFAR),
    "Unknown option or number of arguments for CONFIG SET - 'Foo'",
  );
  assertEquals(
    config.set([["hz", "20"], ["HZ", "30"]], FROM_AFAR),
    "CONFIG SET failed (possibly related to argument 'HZ') - duplicate parameter",
  );
  assertEquals(config.settings.hz, 10);
});

Deno.test("CONFIG SET never sets what is immutable", () => {
  assertEquals(
    configOf().set([["Databases", "1"]], FROM_AFAR),
    "CONFIG SET failed (possibly related to argument 'Databases') - can't set immutable config",
  );
});

Deno.test("CONFIG SET sets what is protected for whom enable-protected-configs names", () => {
  const refusal =
    "CONFIG SET failed (possibly related to argument 'dbfilename') - can't set protected config";
  const answers = ["no", "local", "yes"].map((allowed) =>
    [false, true].map((isLocal) =>
      configOf(`enable-protected-configs ${allowed}`)
        .set([["dbfilename", "x"]], { isLocal, isLoading: false })
    )
  );
  assertEquals(answers, [[refusal, refusal], [refusal, null], [null, null]]);
});

Deno.test("CONFIG SET waits with some directives until the data is loaded", () => {
  const config = configOf();
  const whileLoading = { isLocal: true, isLoading: true };
  assertEquals(config.set([["hz", "20"], ["appendonly", "yes"]], whileLoading), LOADING_REFUSAL);
  assertEquals([config.settings.hz, config.settings.appendonly], [10, false]);
  assertEquals(config.set([["hz", "20"]], whileLoading), null);
});

Deno.test("A hook is called after all is set, once, and only for a change", () => {
  const config = configOf();
  const calls: string[] = [];
  config.onChange(["hz", "timeout"], () => {
    calls.push(`${config.settings.hz} ${config.settings.timeout}`);
    return null;
  });
  config.set([["timeout", "5"], ["maxclients", "7"], ["hz", "20"]], FROM_AFAR);
  config.set([["hz", "20"]], FROM_AFAR);
  assertEquals(calls, ["20 5"]);
});

Deno.test("A hook for a file is called also when its name stays the same", () => {
  const config = configOf();
  let calls = 0;
  config.onChange(["tls-cert-file"], () => {
    calls++;
    return null;
  });
  config.set([["tls-cert-file", "a.crt"]], FROM_AFAR);
  config.set([["tls-cert-file", "a.crt"]], FROM_AFAR);
  assertEquals(calls, 2);
});

Deno.test("When a hook refuses, all is set back and the hooks are called again", () => {
  const config = configOf();
  const calls: string[] = [];
  config.onChange(["hz"], () => {
    calls.push(`hz ${config.settings.hz}`);
    return null;
  });
  config.onChange(["port"], () => {
    calls.push(`port ${config.settings.port}`);
    return config.settings.port === 1 ? "Unable to listen on this port." : null;
  });
  config.onChange(["timeout"], () => {
    calls.push("timeout");
    return null;
  });
  assertEquals(
    config.set([["hz", "20"], ["port", "1"], ["timeout", "5"]], FROM_AFAR),
    "CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port.",
  );
  assertEquals(calls, ["hz 20", "port 1", "hz 10", "port 6379"]);
  assertEquals([config.settings.hz, config.settings.timeout], [10, 0]);
});

Deno.test("A hook for what does not exist is a mistake", () => {
  assertThrows(() => configOf().onChange(["nosuch"], () => null), RangeError);
});

Deno.test("The directory is absolute, and a relative one starts at the one before", () => {
  withFolder({ "a/b/file": "" }, (dir) => {
    const config = configOf("enable-protected-configs yes", dir);
    assertEquals(config.settings.dir, dir);
    assertEquals(config.set([["dir", "a"]], FROM_AFAR), null);
    assertEquals(config.set([["dir", "b"]], FROM_AFAR), null);
    assertEquals(config.get(["dir"]), [["dir", `${dir}/a/b`]]);
    assertEquals(
      config.set([["dir", "nosuch"]], FROM_AFAR),
      "CONFIG SET failed (possibly related to argument 'dir') - No such file or directory",
    );
    assertEquals(config.settings.dir, `${dir}/a/b`);
  });
});

Deno.test("The log is told of every setting that changes nothing, defaults aside", () => {
  const notices = configOf("io-threads 4\njemalloc-bg-thread yes\nhz 20").notices();
  assertEquals(notices.length, 1);
  assertMatch(notices[0], /^Directive 'io-threads' has no effect: /);
});

Deno.test("Passwords are sensitive by each of their names", () => {
  const config = configOf();
  assertEquals(
    ["requirepass", "MASTERAUTH", "hz", "nosuch"].map((name) => config.isSensitive(name)),
    [
      true,
      true,
      false,
      false,
    ],
  );
});

Deno.test("CONFIG REWRITE writes the file, and needs one", () => {
  assertEquals(configOf().rewrite([]), "The server is running without a config file");
  withFolder({ "redis.conf": "hz 5 \n" }, (dir) => {
    const config = new Config(new SystemFiles(), dir);
    config.load({ file: "redis.conf", input: null, options: "" }, () => false);
    assertEquals(config.path, `${dir}/redis.conf`);
    config.set([["hz", "7"]], FROM_AFAR);
    assertEquals(config.rewrite([]), null);
    assertMatch(Deno.readTextFileSync(`${dir}/redis.conf`), /^hz 7\n/);
    Deno.removeSync(`${dir}/redis.conf`);
    assertEquals(config.rewrite([]), null);
    assertMatch(Deno.readTextFileSync(`${dir}/redis.conf`), /^# Generated by CONFIG REWRITE\n/);
  });
});

Deno.test("CONFIG REWRITE tells why it fails", () => {
  const config = withFolder({ "a/redis.conf": "hz 5\n" }, (dir) => {
    const config = new Config(new SystemFiles(), dir);
    config.load({ file: "a/redis.conf", input: null, options: "" }, () => false);
    return config;
  });
  assertEquals(config.rewrite([]), "Rewriting config file: No such file or directory");
});
