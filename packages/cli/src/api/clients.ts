import { type Channel, type ChannelListener, channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { ModbusSerialServer, type Peer, type TraceMessage } from 'busbar';
import type { Device } from '../device/device.js';
import type { BoundServer } from '../listeners/server.js';
import type { Client } from './contract.js';
import { listenerName } from './listener-name.js';
import { peerToJson } from './sources.js';

/** A connection, and what came over it. */
interface Connected {
  readonly id: string;
  readonly bound: BoundServer;
  readonly peer: Peer;
  readonly since: number;
  requests: number;
  exceptions: number;
  lastRequest: number | null;
}

/** In the first byte of a reply with an exception. */
const EXCEPTION_BIT = 0x80;

interface ClientEvents {
  connect: [client: Client];
  /** `reason` says why, unless the client closed in good order. */
  disconnect: [client: Client, reason: string | undefined];
}

/** Who is connected, and how much they ask. Datagrams and serial lines have no connections. */
export class Clients extends EventEmitter<ClientEvents> {
  readonly #connected = new Map<Peer, Connected>();
  readonly #channels: readonly [Channel, ChannelListener][];
  #next = 1;

  constructor(device: Device) {
    super();
    for (const bound of device.boundServers) this.#follow(bound);
    device.on('added', (bound) => this.#follow(bound));
    this.#channels = [
      [channel('busbar:request'), (message) => this.#asked(message as TraceMessage)],
      [channel('busbar:reply'), (message) => this.#answered(message as TraceMessage)],
    ];
    for (const [each, listen] of this.#channels) each.subscribe(listen);
  }

  stop(): void {
    for (const [each, listen] of this.#channels) each.unsubscribe(listen);
  }

  /** Longest first. */
  get list(): Client[] {
    return [...this.#connected.values()].map(toJson);
  }

  /** Cuts a connection. @returns whether there was one with this id. */
  disconnect(id: string): boolean {
    const client = [...this.#connected.values()].find((each) => each.id === id);
    if (client === undefined) return false;
    client.bound.server.disconnect((peer) => peer === client.peer, 'somebody disconnected the client over HTTP');
    return true;
  }

  #follow(bound: BoundServer): void {
    const { server } = bound;
    if (server instanceof ModbusSerialServer) return;
    server.on('connect', ({ peer }) => {
      const id = String(this.#next++);
      const client = { id, bound, peer, since: Date.now(), requests: 0, exceptions: 0, lastRequest: null };
      this.#connected.set(peer, client);
      this.emit('connect', toJson(client));
    });
    server.on('disconnect', ({ peer, error }) => this.#leave(peer, error?.message));
  }

  #leave(peer: Peer, reason: string | undefined): void {
    const client = this.#connected.get(peer);
    this.#connected.delete(peer);
    if (client !== undefined) this.emit('disconnect', toJson(client), reason);
  }

  #asked({ peer }: TraceMessage): void {
    const client = this.#connected.get(peer);
    if (client === undefined) return;
    client.requests++;
    client.lastRequest = Date.now();
  }

  #answered({ peer, pdu }: TraceMessage): void {
    const client = this.#connected.get(peer);
    if (client !== undefined && (pdu[0] & EXCEPTION_BIT) !== 0) client.exceptions++;
  }
}

function toJson({ id, bound, peer, since, requests, exceptions, lastRequest }: Connected): Client {
  return { ...peerToJson(peer), id, listener: listenerName(bound), since, requests, exceptions, lastRequest };
}
