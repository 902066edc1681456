"""What an application does through python3-redis; ends with 0 when every answer was right.

Called as: python_redis.py PORT
"""

import sys

import redis

PORT = int(sys.argv[1])


def connect(**options):
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


for part in (strings, bytes_and_pipelines, expiry, errors, server):
    part()
