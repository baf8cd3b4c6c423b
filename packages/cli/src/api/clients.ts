import { EventEmitter } from 'node:events';
import { type ConnectedClient, ModbusSerialServer, type Peer } from 'busbar';
import type { Device } from '../device/device.js';
import type { BoundServer } from '../listeners/server.js';
import type { Client } from './contract.js';
import { listenerName } from './listener-name.js';
import { peerToJson } from './sources.js';

/** A connection by the name that it has here. */
interface Connection {
  readonly id: string;
  readonly bound: BoundServer;
  readonly client: Readonly<ConnectedClient>;
}

interface ClientEvents {
  connect: [client: Client];
  /** `reason` says why, unless the client closed in good order. */
  disconnect: [client: Client, reason: string | undefined];
}

/** Who is connected, and how much they ask. Datagrams and serial lines have no connections. */
export class Clients extends EventEmitter<ClientEvents> {
  readonly #connected = new Map<Peer, Connection>();
  #next = 1;

  constructor(device: Device) {
    super();
    for (const bound of device.boundServers) this.#follow(bound);
    device.on('added', (bound) => this.#follow(bound));
  }

  /** Longest first. */
  get list(): Client[] {
    return [...this.#connected.values()].map(toJson);
  }

  /** Cuts a connection. @returns whether there was one with this id. */
  disconnect(id: string): boolean {
    const found = [...this.#connected.values()].find((each) => each.id === id);
    if (found === undefined) return false;
    const { bound, client } = found;
    bound.server.disconnect((peer) => peer === client.peer, 'somebody disconnected the client over HTTP');
    return true;
  }

  #follow(bound: BoundServer): void {
    const { server } = bound;
    if (server instanceof ModbusSerialServer) return;
    server.on('connect', ({ peer }) => this.#come(peer, bound));
    server.on('disconnect', ({ peer, error }) => this.#leave(peer, error?.message));
  }

  #come(peer: Peer, bound: BoundServer): void {
    const client = bound.server.clients().find((each) => each.peer === peer);
    if (client === undefined) return;
    const connection = { id: String(this.#next++), bound, client };
    this.#connected.set(peer, connection);
    this.emit('connect', toJson(connection));
  }

  #leave(peer: Peer, reason: string | undefined): void {
    const connection = this.#connected.get(peer);
    this.#connected.delete(peer);
    if (connection !== undefined) this.emit('disconnect', toJson(connection), reason);
  }
}

function toJson({ id, bound, client }: Connection): Client {
  const { peer, since, requests, exceptions, lastRequest = null } = client;
  return { ...peerToJson(peer), id, listener: listenerName(bound), since, requests, exceptions, lastRequest };
}
