/** A server of {@link ScriptedPeer}s, for tests of whole transports. */
import type { Acceptor, Connection, Peer } from "../../../src/server/connection.ts";
import { latin1Bytes } from "../../support/latin1.ts";
import { ScriptedPeer } from "./scripted_peer.ts";

export class ScriptedServer implements Acceptor {
  readonly refusal = latin1Bytes("-ERR no room\r\n");
  readonly peers: ScriptedPeer[] = [];
  readonly warnings: string[] = [];
  turns = 0;
  refuses = false;

  accept(connection: Connection): Peer | null {
    if (this.refuses) return null;
    const peer = new ScriptedPeer();
    peer.connection = connection;
    this.peers.push(peer);
    return peer;
  }

  endTurn(): void {
    this.turns++;
    for (const peer of this.peers) peer.connection.flush();
  }

  warning(message: string): void {
    this.warnings.push(message);
  }
}
