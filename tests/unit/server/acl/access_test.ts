import { assertEquals, assertMatch } from "@std/assert";
import { utf8, utf8Text } from "../../../../src/memory/bytes.ts";
import { EmbeddedServer } from "../../../support/embedded_server.ts";

const WRONG = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

Deno.test("With `requirepass`, the default user needs just that password", () => {
  const { server: { access } } = new EmbeddedServer({ settings: { requirepass: "sécret" } });
  assertEquals(access.hasPassword, true);
  const { defaultUser } = access;
  assertEquals(defaultUser.knows(utf8("sécret")), true);
  for (const wrong of ["", "sécre", "sécrets", "SÉCRET", "sécretsécret"]) {
    assertEquals(defaultUser.knows(utf8(wrong)), false, wrong);
  }
});

Deno.test("Without `requirepass`, the default user may give any password", () => {
  for (const requirepass of [null, ""]) {
    const client = new EmbeddedServer({ settings: { requirepass } }).connect();
    assertEquals(client.send("AUTH default any"), "+OK\r\n");
    assertEquals(client.send("AUTH nobody any"), WRONG);
  }
});

Deno.test("Whether clients must log in follows the default user", () => {
  const server = new EmbeddedServer();
  const [admin, early] = [server.connect(), server.connect()];
  admin.send("ACL SETUSER default >pw");
  const late = server.connect();
  assertEquals(early.send("PING"), "+PONG\r\n");
  assertEquals(late.send("PING"), "-NOAUTH Authentication required.\r\n");
  assertEquals(late.send("AUTH pw"), "+OK\r\n");
  admin.send("ACL SETUSER default off nopass");
  assertEquals(server.connect().send("PING"), "-NOAUTH Authentication required.\r\n");
  admin.send("ACL SETUSER default on");
  assertEquals(server.connect().send("PING"), "+PONG\r\n");
});

Deno.test("A restricted user is refused what it may not do, and the log tells", () => {
  const server = new EmbeddedServer();
  const [admin, client] = [server.connect(), server.connect()];
  admin.send("ACL SETUSER u on nopass +get ~a*");
  assertEquals(client.send("AUTH u any"), "+OK\r\n");
  assertEquals(client.send("GET a"), "$-1\r\n");
  assertEquals(client.send("GET b"), "-NOPERM No permissions to access a key\r\n");
  assertEquals(
    client.send("SET a x"),
    "-NOPERM User u has no permissions to run the 'set' command\r\n",
  );
  const info = admin.send("INFO stats");
  assertMatch(info, /acl_access_denied_cmd:1\r\nacl_access_denied_key:1\r\n/);
  const [{ object, clientInfo }] = server.server.access.log.newest(1);
  assertEquals(object, "set");
  assertMatch(clientInfo, / cmd=set user=u /);
});

Deno.test("A client that waits is checked again when its time has come", () => {
  const server = new EmbeddedServer();
  const [admin, client] = [server.connect(), server.connect()];
  admin.send("ACL SETUSER u on nopass +@all ~*");
  client.send("AUTH u any");
  assertEquals(client.send("BLPOP k 0"), "");
  admin.send("ACL SETUSER u resetkeys");
  assertEquals(admin.send("RPUSH k x"), ":1\r\n");
  assertEquals(client.takeReplies(), "-NOPERM No permissions to access a key\r\n");
  assertEquals(admin.send("LLEN k"), ":1\r\n");
});

Deno.test("Who is no user any more is no client any more", () => {
  const server = new EmbeddedServer();
  const [admin, client] = [server.connect(), server.connect()];
  admin.send("ACL SETUSER u on nopass +@all");
  client.send("AUTH u any");
  assertEquals(admin.send("ACL DELUSER u"), ":1\r\n");
  assertEquals([admin.isClosed, client.isClosed], [false, true]);
  admin.send("ACL SETUSER admin on nopass +@all");
  admin.send("AUTH admin any");
  assertEquals(admin.send("ACL DELUSER admin"), ":1\r\n");
  assertEquals(admin.isClosed, true);
});

/** A server with an `aclfile` of that content, and a client of it. */
function serverWithFile(content: string) {
  const server = new EmbeddedServer({ settings: { dir: "/", aclfile: "users.acl" } });
  const { files } = server.platform;
  const write = (text: string) => {
    const file = files.openSync("/users.acl", { write: true, create: true, truncate: true });
    file.writeSync(utf8(text));
    file.close();
  };
  const read = () => {
    const bytes = files.readSync("/users.acl");
    return utf8Text(bytes, 0, bytes.length);
  };
  write(content);
  return { server, write, read, client: server.connect() };
}

Deno.test("ACL LOAD takes in a file, and closes those whose user is gone", () => {
  const { server, write, client } = serverWithFile("user a on nopass +@all\nuser b on nopass\n");
  assertEquals(client.send("ACL LOAD"), "+OK\r\n");
  const [a, b] = [server.connect(), server.connect()];
  a.send("AUTH a any");
  b.send("AUTH b any");
  write("user a on nopass -@all +ping\n");
  assertEquals(client.send("ACL LOAD"), "+OK\r\n");
  assertEquals([client.isClosed, a.isClosed, b.isClosed], [false, false, true]);
  assertEquals(a.send("PING"), "+PONG\r\n");
  assertEquals(a.send("ECHO x"), "-NOPERM User a has no permissions to run the 'echo' command\r\n");
  assertEquals(client.send("ACL USERS"), "*2\r\n$1\r\na\r\n$7\r\ndefault\r\n");
});

Deno.test("ACL LOAD changes nothing where the file has a mistake, or is not there", () => {
  const { server, write, client } = serverWithFile("user a on\nuser b +nosuch\n");
  assertMatch(
    client.send("ACL LOAD"),
    /^-ERR users\.acl:2: Error in applying operation '\+nosuch'/,
  );
  assertEquals(client.send("ACL USERS"), "*1\r\n$7\r\ndefault\r\n");
  server.platform.files.removeSync("/users.acl");
  assertMatch(client.send("ACL LOAD"), /^-ERR Error loading ACLs, opening file 'users\.acl': /);
  write("user default on >pw +@all\n");
  assertEquals(client.send("ACL LOAD"), "+OK\r\n");
  assertEquals(server.connect().send("PING"), "-NOAUTH Authentication required.\r\n");
});

Deno.test("ACL SAVE writes what ACL LOAD reads", () => {
  const { client, read } = serverWithFile("");
  client.send("ACL SETUSER u on >abc ~k +get (+set ~x)");
  assertEquals(client.send("ACL SAVE"), "+OK\r\n");
  assertEquals(
    read(),
    "user default on nopass sanitize-payload ~* &* +@all\n" +
      "user u on sanitize-payload " +
      "#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ~k resetchannels -@all +get " +
      "(~x resetchannels -@all +set)\n",
  );
  const list = client.send("ACL LIST");
  client.send("ACL SETUSER u reset");
  assertEquals(client.send("ACL LOAD"), "+OK\r\n");
  assertEquals(client.send("ACL LIST"), list);
});

Deno.test("Declared users are taken in, up to the first mistake", () => {
  const { server: { access } } = new EmbeddedServer();
  assertEquals(
    access.declare([
      { name: "é", rules: ["on", "(+get", "~a)"] },
      { name: "default", rules: ["on", ">pw", "+@all", "~*"] },
    ]),
    null,
  );
  assertEquals(access.user("\xc3\xa9")?.shownName, "é");
  assertEquals([access.hasPassword, access.isRequired], [true, true]);
  const rules: string[] = [];
  assertEquals(access.declare([{ name: "a", rules }, { name: "a", rules }]), {
    index: 1,
    rule: "a",
    reason: "Duplicate user found. A user can only be defined once in config files",
  });
  assertEquals(access.declare([{ name: "b", rules: ["+nosuch"] }]), {
    index: 0,
    rule: "+nosuch",
    reason: "Unknown command or category name in ACL",
  });
  assertEquals(
    access.declare([{ name: "a b", rules }])?.reason,
    "Usernames can't contain spaces or null characters",
  );
});

Deno.test("A password that is made up has as many digits as are asked for", () => {
  const { server: { access } } = new EmbeddedServer();
  for (const digits of [1, 2, 7, 64, 1024]) {
    assertMatch(access.generatePassword(digits), new RegExp(`^[0-9a-f]{${digits}}$`));
  }
});
