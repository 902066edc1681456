/** Random streams of requests, whole and spoilt, for the parser's tests. */
import type { Random } from "../support/random.ts";

/** Bytes that mean something to the parser, and some that do not. */
const ALPHABET = "*$\r\n0123456789-+ '\"\\x\0\t\v:PINGa\xff";

/** Lines and lengths at the edge of what is allowed, or beyond. */
const ODDITIES = [
  "*0\r\n",
  "*-1\r\n",
  "\r\n",
  "\n",
  "  \r\n",
  "*01\r\n",
  "*-0\r\n",
  "*+1\r\n",
  "*\r\n",
  "*11\r\n",
  "*1048577\r\n",
  "*16777216\r\n",
  "*16777217\r\n",
  "*2147483648\r\n",
  "*-9223372036854775808\r\n",
  "*-9223372036854775809\r\n",
  "*9007199254740993\r\n",
  "*1\r\n$-1\r\n",
  "*1\r\n$\r\n",
  "*1\r\n$00\r\n",
  "*1\r\n$16385\r\n",
  "*1\r\n$1048576\r\n",
  "*1\r\n$1048577\r\n",
  "*1\r\n$536870912\r\n",
  "*1\r\n$99999999999999999999\r\n",
  "*1\r\n\r\n",
  "*2\r\n$4\r\nPING\r\n:1\r\n",
  'PING "a b" \'c\\\'d\' e"f"\r\n',
  'PING "a\r\n',
  "PING 'a'b\r\n",
  "PING a\\b\vc\v d\r\r\n",
  "*1\0",
  "\0PING\r\n",
];

/** A stream of some requests: mostly correct, often with an oddity, now and then spoilt. */
export function randomStream(random: Random): string {
  let stream = "";
  for (let requests = random.between(1, 12); requests > 0; requests--) {
    stream += random.oneIn(12) ? oddity(random) : request(random);
  }
  return random.oneIn(4) ? spoilt(stream, random) : stream;
}

/** Bytes without sense. */
export function randomGarbage(random: Random): string {
  return randomText(random, random.between(1, 400));
}

function request(random: Random): string {
  if (random.oneIn(5)) return `${words(random)}${random.pick(["\r\n", "\n"])}`;
  const count = random.oneIn(15) ? random.between(10, 3000) : random.between(1, 11);
  let text = `*${count}\r\n`;
  for (let i = 0; i < count; i++) {
    const value = argument(random, count);
    text += `$${value.length}\r\n${value}\r\n`;
  }
  return text;
}

function words(random: Random): string {
  const list: string[] = [];
  for (let i = random.below(6); i >= 0; i--) {
    list.push(randomText(random, random.below(10)).replace(/[\0\r\n*]/g, ""));
  }
  return list.join(random.pick([" ", "  ", "\t"]));
}

function argument(random: Random, count: number): string {
  if (count < 20 && random.oneIn(25)) {
    return repeated(random, random.pick([16384, 16385, 32767, 32768, 65536, 70000, 300_000]));
  }
  if (random.oneIn(10)) return repeated(random, random.between(0, 12_000 / count));
  return randomText(random, random.below(24));
}

/** A long text that is quickly made and has no period that could hide a shift. */
function repeated(random: Random, length: number): string {
  let text = randomText(random, 61);
  while (text.length < length) text += text.slice(random.below(7)) + text.length;
  return text.slice(0, length);
}

function oddity(random: Random): string {
  if (!random.oneIn(8)) return random.pick(ODDITIES);
  const length = 65536 + random.between(-3, 3);
  return random.pick(["*", "$", "*1\r\n", "*1\r\n$", "P"]) + "1".repeat(length) +
    random.pick(["\r\n", "\n", "\r", ""]);
}

/** The stream with a few bytes replaced, inserted or cut out. */
function spoilt(stream: string, random: Random): string {
  let text = stream;
  for (let i = random.between(1, 3); i > 0; i--) {
    const at = random.below(text.length + 1);
    const cut = random.oneIn(8) ? random.below(50) : random.below(2);
    text = text.slice(0, at) + randomText(random, random.below(3)) + text.slice(at + cut);
  }
  return text;
}

function randomText(random: Random, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += ALPHABET[random.below(ALPHABET.length)];
  return text;
}
