"""What an application does through python3-redis; ends with 0 when every answer was right.

Called as: python_redis.py PORT

In RESP2, and from redis 5 on, which is the first that can, in RESP3 as well.
"""

import sys

import redis

PORT = int(sys.argv[1])
PROTOCOLS = [2, 3] if int(redis.__version__.split(".")[0]) >= 5 else [2]

protocol = 2


def connect(**options):
    if protocol == 3:
        options["protocol"] = 3
    return redis.Redis(port=PORT, socket_timeout=10, **options)


def equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r} where {wanted!r} was expected")


def strings():
    r = connect(decode_responses=True)
    equal(r.set("greeting", "Grüße"), True)
    equal(r.get("greeting"), "Grüße")
    equal(r.get("missing"), None)
    equal(r.set("greeting", "again", nx=True), None)
    equal(r.set("greeting", "again", ex=100, get=True), "Grüße")
    equal(r.mset({"a": 1, "b": 2}), True)
    equal(r.mget("a", "missing", "b"), ["1", None, "2"])
    equal(r.incrby("a", 41), 42)
    equal(r.incrbyfloat("a", 0.5), 42.5)
    equal(r.append("b", "34"), 3)
    equal(r.getrange("b", 1, -1), "34")
    equal(r.getdel("b"), "234")
    equal(r.setbit("bits", 7, 1), 0)
    equal(r.bitcount("bits"), 1)
    equal(r.pfadd("visitors", "x", "y", "z"), 1)
    equal(r.pfcount("visitors"), 3)


def bytes_and_pipelines():
    r = connect()
    every_byte = bytes(range(256)) * 4096
    equal(r.set(every_byte[:256], every_byte), True)
    equal(r.get(every_byte[:256]), every_byte)
    pipeline = r.pipeline(transaction=False)
    for i in range(1000):
        pipeline.set(f"key:{i}", i)
    equal(pipeline.execute(), [True] * 1000)
    equal(len(set(r.scan_iter(match="key:*", count=100))), 1000)


def expiry():
    r = connect(decode_responses=True)
    equal(r.set("short", "lived", pxat=1), True)
    equal((r.get("short"), r.pttl("short")), (None, -2))
    equal(r.set("long", "lived", ex=1000), True)
    equal(r.ttl("long"), 1000)
    equal(r.persist("long"), True)
    equal(r.ttl("long"), -1)


def errors():
    r = connect(decode_responses=True)
    r.set("word", "abc")
    try:
        r.incr("word")
    except redis.ResponseError as error:
        equal(str(error), "value is not an integer or out of range")
    else:
        raise AssertionError("INCR of a word did not fail")


def server():
    r = connect(decode_responses=True, db=3, client_name="test")
    r.set("key", "in 3")
    equal((str(r.client_info()["db"]), r.client_getname()), ("3", "test"))
    equal(r.config_set("maxmemory-samples", 6), True)
    equal(r.config_get("maxmemory-samples"), {"maxmemory-samples": "6"})
    equal(r.info("server")["tcp_port"], PORT)
    equal(r.object("encoding", "key"), "embstr")
    equal(r.command_count() > 50, True)
    equal(r.dbsize(), 1)
    equal(r.flushall(), True)
    equal(r.dbsize(), 0)


def collections():
    r = connect(decode_responses=True)
    equal(r.rpush("list", 1, 2, 3), 3)
    equal(r.lrange("list", 0, -1), ["1", "2", "3"])
    equal(r.lmove("list", "other", "LEFT", "RIGHT"), "1")
    equal(r.blpop(["nothing", "list"], timeout=1), ("list", "2"))
    equal(r.blpop("nothing", timeout=0.01), None)
    equal(r.sadd("set", "a", "b"), 2)
    equal(r.smembers("set"), {"a", "b"})
    equal(r.hset("hash", mapping={"f": "1", "g": "2"}), 2)
    equal(r.hgetall("hash"), {"f": "1", "g": "2"})
    equal(r.hincrbyfloat("hash", "f", 0.5), 1.5)
    equal(r.zadd("zset", {"one": 1, "two": 2.5}), 2)
    equal(r.zrange("zset", 0, -1, withscores=True), [("one", 1.0), ("two", 2.5)])
    equal(r.zincrby("zset", 1, "one"), 2.0)
    equal(r.geoadd("places", (13.361389, 38.115556, "Palermo")), 1)
    equal(r.geosearch("places", longitude=13, latitude=38, radius=100, unit="km"), ["Palermo"])
    equal(r.sort("list", desc=True), ["3"])


def streams():
    r = connect(decode_responses=True)
    equal(r.xgroup_create("stream", "group", id="$", mkstream=True), True)
    equal(r.xadd("stream", {"f": "v"}, id="1-1"), "1-1")
    equal(r.xrange("stream"), [("1-1", {"f": "v"})])
    given = r.xreadgroup("group", "me", {"stream": ">"}, count=10)
    entries = given[0][1] if isinstance(given, list) else given["stream"][0]
    equal(entries, [("1-1", {"f": "v"})])
    equal(r.xpending("stream", "group")["pending"], 1)
    equal(r.xack("stream", "group", "1-1"), 1)


def transactions():
    r = connect(decode_responses=True)

    def double(pipeline):
        value = int(pipeline.get("number"))
        pipeline.multi()
        pipeline.set("number", 2 * value)

    r.set("number", 21)
    equal(r.transaction(double, "number"), [True])
    equal(r.get("number"), "42")
    with r.pipeline() as pipeline:
        pipeline.watch("number")
        connect().set("number", 1)
        pipeline.multi()
        pipeline.set("number", 2)
        try:
            pipeline.execute()
        except redis.WatchError:
            pass
        else:
            raise AssertionError("A watched key changed, and EXEC ran")


def messages():
    r = connect(decode_responses=True)
    with r.pubsub() as listener:
        listener.subscribe("news")
        listener.psubscribe("n*")
        kinds = [listener.get_message(timeout=10)["type"] for _ in range(2)]
        equal(kinds, ["subscribe", "psubscribe"])
        equal(r.publish("news", "hello"), 2)
        heard = [listener.get_message(timeout=10) for _ in range(2)]
        equal([m["type"] for m in heard], ["message", "pmessage"])
        equal([m["data"] for m in heard], ["hello", "hello"])


def access():
    r = connect(decode_responses=True)
    rights = {"categories": ["+@read"], "commands": ["+acl|whoami"], "keys": ["*"]}
    equal(r.acl_setuser("reader", enabled=True, nopass=True, **rights), True)
    reader = connect(username="reader", password="any", decode_responses=True)
    equal(reader.acl_whoami(), "reader")
    equal(reader.get("missing"), None)
    try:
        reader.set("key", 1)
    except redis.exceptions.NoPermissionError:
        pass
    else:
        raise AssertionError("A reader has written")
    equal(r.acl_deluser("reader"), 1)


PARTS = (
    strings,
    bytes_and_pipelines,
    expiry,
    errors,
    collections,
    streams,
    transactions,
    messages,
    access,
    server,
)

for protocol in PROTOCOLS:
    for part in PARTS:
        part()
