import { table } from "../scenario.ts";

/** Requests as bytes: what a client library never sends, and telnet and attackers do. */
export const protocolTable = table("protocol", {
  "An inline command is a line of words": [
    ["raw> PING\r\n", "+PONG"],
    ["raw> PING\n", "+PONG"],
    ["raw> SET k v\r\n", "+OK"],
    ["raw>   GET   k  \r\n", "$v"],
    ['raw> SET k "a b\\x41\\n"\r\n', "+OK"],
    ["raw> GET k\r\n", '"a bA\\n"'],
    ["raw> SET k 'it\\'s'\r\n", "+OK"],
    ["raw> GET k\r\n", "$it's"],
    ['raw> SET "k" ""\r\n', "+OK"],
    ["raw> GET k\r\n", '""'],
  ],
  "Empty lines and empty arrays are passed over": [
    ["raw> \r\nPING\r\n", "+PONG"],
    ["raw> \r\n\r\n\nPING\r\n", "+PONG"],
    ["raw>    \r\nPING\r\n", "+PONG"],
    ["raw> *0\r\nPING\r\n", "+PONG"],
    ["raw> *-1\r\nPING\r\n", "+PONG"],
    ["raw> *-10\r\n*1\r\n$4\r\nPING\r\n", "+PONG"],
  ],
  "Unbalanced quotes in an inline command end the connection": [
    ['raw> SET k "a\r\n', "-ERR Protocol error: unbalanced quotes in request"],
    ["read>", "closed"],
  ],
  "A quote followed by text ends the connection": [
    ['raw> SET k "a"b\r\n', "-ERR Protocol error: unbalanced quotes in request"],
    ["read>", "closed"],
  ],
  "A single quote left open ends the connection": [
    ["raw> SET k 'a\r\n", "-ERR Protocol error: unbalanced quotes in request"],
    ["read>", "closed"],
  ],
  "Line ends within an argument are its own": [
    ["raw> *3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\na\r\nbc\r\n", "+OK"],
    ["raw> *2\r\n$3\r\nGET\r\n$1\r\nk\r\n", '"a\\r\\nbc"'],
  ],
  "A command may come in pieces": [
    "send raw> *2\r",
    "send raw> \n$",
    "send raw> 4\r\nEC",
    ["b> PING", "+PONG"],
    "send raw> HO\r",
    "send raw> \n$3\r\nabc",
    ["raw> \r\n", "$abc"],
    "send raw> EC",
    ["raw> HO inline\n", "$inline"],
  ],
  "Empty arguments are arguments": [
    ["raw> *3\r\n$3\r\nSET\r\n$0\r\n\r\n$0\r\n\r\n", "+OK"],
    ["raw> *2\r\n$3\r\nGET\r\n$0\r\n\r\n", '""'],
    ["raw> *1\r\n$0\r\n\r\n", "-ERR unknown command '', with args beginning with: "],
  ],
  "Several commands at once are answered in order": [
    ["raw> *1\r\n$4\r\nPING\r\nPING a\r\n*2\r\n$4\r\nECHO\r\n$1\r\nb\r\n", "+PONG"],
    ["read>", "$a"],
    ["read>", "$b"],
  ],
  "A count that is no number ends the connection": [
    ["raw> *x\r\n", "-ERR Protocol error: invalid multibulk length"],
    ["read>", "closed"],
  ],
  "A count that is too large ends the connection": [
    ["raw> *2147483648\r\n", "-ERR Protocol error: invalid multibulk length"],
    ["read>", "closed"],
  ],
  "A count with a sign and spaces ends the connection": [
    ["raw> * 1\r\n", "-ERR Protocol error: invalid multibulk length"],
    ["read>", "closed"],
  ],
  "A bulk string must begin with a dollar sign": [
    ["raw> *1\r\nPING\r\n", "-ERR Protocol error: expected '$', got 'P'"],
    ["read>", "closed"],
  ],
  "A bulk string must begin with a dollar sign, not with another type": [
    ["raw> *2\r\n$4\r\nECHO\r\n:1\r\n", "-ERR Protocol error: expected '$', got ':'"],
    ["read>", "closed"],
  ],
  "A bulk length that is no number ends the connection": [
    ["raw> *1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length"],
    ["read>", "closed"],
  ],
  "A negative bulk length ends the connection": [
    ["raw> *1\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length"],
    ["read>", "closed"],
  ],
  "A bulk length above proto-max-bulk-len ends the connection": [
    [
      "raw> *3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870913\r\n",
      "-ERR Protocol error: invalid bulk length",
    ],
    ["read>", "closed"],
  ],
  "A bulk length that does not fit 64 bits ends the connection": [
    ["raw> *1\r\n$99999999999999999999\r\n", "-ERR Protocol error: invalid bulk length"],
    ["read>", "closed"],
  ],
  "Commands in front of a protocol error are answered": [
    ["raw> *1\r\n$4\r\nPING\r\n*1\r\n!\r\n", "+PONG"],
    ["read>", "-ERR Protocol error: expected '$', got '!'"],
    ["read>", "closed"],
  ],
  "Before authentication counts and lengths are kept small": {
    protocols: [2],
    cases: [
      ["CONFIG SET requirepass secret", "+OK"],
      ["raw b> *11\r\n", "-ERR Protocol error: unauthenticated multibulk length"],
      ["read b>", "closed"],
      ["raw c> *1\r\n$16385\r\n", "-ERR Protocol error: unauthenticated bulk length"],
      ["read c>", "closed"],
    ],
  },
  "HTTP is recognised and refused": [
    ["raw> POST / HTTP/1.1\r\n", "closed"],
    ["read>", "closed"],
  ],
  "A Host header is recognised and refused": [
    ["raw> Host: example.com\r\n", "closed"],
    ["read>", "closed"],
  ],
});
