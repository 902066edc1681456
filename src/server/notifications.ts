/**
 * What the server does about changes of the keyspace: events become messages on channels, as Redis
 * names them, those who watch a key are told that it has changed, and those who wait for one that it
 * is there.
 */
import type { Bytes } from "../commands/context.ts";
import { EventClass, type KeyspaceListener } from "../keyspace/events.ts";
import { copyBytes, latin1 } from "../memory/bytes.ts";
import type { Server } from "./server.ts";

/** The letters of `notify-keyspace-events` that choose the channels. */
export interface NotificationSettings {
  /** {@link EventClass} bits. */
  readonly notifyKeyspaceEvents: number;
}

/** Room for the name of a channel; more is made for longer ones, and not kept beyond a bound. */
const INITIAL_BYTES = 1024;
const KEPT_BYTES = 64 * 1024;

/** Listens to the keyspace for a server. */
export function notifications(server: Server): KeyspaceListener {
  const { effects, keyspace, pubsub, settings, tracking } = server;
  const names = new Names();
  const channel = new Channel();
  const { watches } = server.transactions;
  const { keys } = server.blocking;
  return {
    event(_eventClass, name, db, buf, start, end) {
      if (pubsub.channelCount + pubsub.patternCount === 0) return;
      const flags = settings.notifyKeyspaceEvents;
      const event = names.get(name);
      if (flags & EventClass.KEYSPACE) {
        channel.compose(names.get(`__keyspace@${db}__:`), buf, start, end);
        pubsub.publish("channel", channel, whole(event));
      }
      if (flags & EventClass.KEYEVENT) {
        channel.compose(names.get(`__keyevent@${db}__:`), event, 0, event.length);
        pubsub.publish("channel", channel, { buf, start, end });
      }
    },
    keyModified(db, buf, start, end) {
      watches.keyModified(db, buf, start, end);
      if (tracking.isActive) tracking.keyModified(buf, start, end);
    },
    keyReady(db, typeId, buf, start, end) {
      keys.keyReady(db, typeId, buf, start, end);
    },
    flushing(db) {
      watches.flushing(db);
      keys.flushing(db);
      tracking.invalidateAll();
    },
    swapping(first, second) {
      watches.swapping(first, second);
      tracking.invalidateAll();
    },
    swapped(first, second) {
      keys.replaced(first);
      keys.replaced(second);
    },
    fieldExpired(db, buf, start, end, fieldBuf, fieldStart, fieldEnd) {
      if (!effects.active) return;
      effects.fieldRemoved(db, buf, start, end, fieldBuf, fieldStart, fieldEnd);
    },
    keyRemoved(reason, db, buf, start, end) {
      if (!effects.active) return;
      const { lazyfreeLazyEviction, lazyfreeLazyExpire } = keyspace.settings;
      const lazily = reason === "expired" ? lazyfreeLazyExpire : lazyfreeLazyEviction;
      effects.removed(db, lazily, buf, start, end);
    },
  };
}

/** The bytes of names that come again and again: events, and what channels begin with. */
class Names {
  readonly #bytes = new Map<string, Uint8Array>();

  get(name: string): Uint8Array {
    let bytes = this.#bytes.get(name);
    if (bytes === undefined) this.#bytes.set(name, bytes = latin1(name));
    return bytes;
  }
}

/** The name of a channel, composed anew for each event in the same buffer. */
class Channel implements Bytes {
  buf = new Uint8Array(INITIAL_BYTES);
  readonly start = 0;
  end = 0;

  compose(prefix: Uint8Array, buf: Uint8Array, start: number, end: number): void {
    this.end = prefix.length + end - start;
    const isGiant = this.buf.length > KEPT_BYTES;
    if (this.end > this.buf.length || (isGiant && this.end <= KEPT_BYTES)) {
      this.buf = new Uint8Array(Math.max(this.end, INITIAL_BYTES));
    }
    copyBytes(this.buf, 0, prefix, 0, prefix.length);
    copyBytes(this.buf, prefix.length, buf, start, end);
  }
}

function whole(buf: Uint8Array): Bytes {
  return { buf, start: 0, end: buf.length };
}
