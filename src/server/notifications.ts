/** Keyspace notifications: events of the keyspace become messages on channels, as Redis names them. */
import { EventClass, type KeyspaceListener } from "../keyspace/events.ts";
import { latin1, latin1Text } from "../memory/bytes.ts";
import type { Server } from "./server.ts";

/** The letters of `notify-keyspace-events` that choose the channels. */
export interface NotificationSettings {
  /** {@link EventClass} bits. */
  readonly notifyKeyspaceEvents: number;
}

/** Listens to the keyspace for a server. */
export function notifications(server: Server): KeyspaceListener {
  const { pubsub, settings } = server;
  return {
    event(_eventClass, name, db, buf, start, end) {
      if (pubsub.channelCount + pubsub.patternCount === 0) return;
      const flags = settings.notifyKeyspaceEvents;
      const key = { buf, start, end };
      if (flags & EventClass.KEYSPACE) {
        const channel = latin1(`__keyspace@${db}__:${latin1Text(buf, start, end)}`);
        pubsub.publish("channel", whole(channel), whole(latin1(name)));
      }
      if (flags & EventClass.KEYEVENT) {
        pubsub.publish("channel", whole(latin1(`__keyevent@${db}__:${name}`)), key);
      }
    },
    keyModified() {},
    flushed() {},
    swapped() {},
    keyRemoved() {},
  };
}

function whole(buf: Uint8Array) {
  return { buf, start: 0, end: buf.length };
}
