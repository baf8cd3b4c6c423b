import { decodeReply } from 'busbar/protocol';
import { type Frame, MbapClient } from '../../packages/busbar/test/helpers/mbap-client.js';
import type { History, Write } from './history.js';
import type { Slot } from './slots.js';

const UNIT = 1;

interface Sent {
  readonly id: number;
  readonly request: Uint8Array;
  readonly write: Write;
}

/** A client that writes its slots, with up to some requests under way. It goes on where it was on another connection. */
export class Writer {
  readonly #client: number;
  readonly #slots: readonly Slot[];
  readonly #history: History;
  readonly #random: (below: number) => number;
  readonly #stamps = new Map<Slot, number>();

  constructor(client: number, slots: readonly Slot[], history: History, random: (below: number) => number) {
    this.#client = client;
    this.#slots = slots.filter(({ clients }) => clients.includes(client));
    this.#history = history;
    this.#random = random;
  }

  /** Writes until `enough`, which it asks before each request, or until the server is gone. */
  async run(port: number, enough: () => boolean): Promise<void> {
    const client = await MbapClient.connect({ host: '127.0.0.1', port }).catch(() => undefined);
    if (client === undefined) return;
    const atOnce = 1 + this.#random(4);
    const sent: Sent[] = [];
    try {
      for (;;) {
        while (sent.length < atOnce && !enough()) sent.push(this.#send(client));
        const next = sent.shift();
        const reply = next && (await client.next());
        if (next === undefined || reply === undefined) return;
        this.#settle(next, reply);
      }
    } finally {
      await client.close();
    }
  }

  #send(client: MbapClient): Sent {
    const slot = this.#slots[this.#random(this.#slots.length)] ?? fail('no slots');
    // All clients of a slot have stamps of their own.
    const stamp = this.#stamps.get(slot) ?? 1 + this.#client;
    this.#stamps.set(slot, stamp + (slot.clients.length === 1 ? 1 : slot.clients.length));
    const request = slot.request(stamp);
    const write = this.#history.begin(slot, this.#client, slot.content(stamp));
    return { id: client.send(UNIT, request), request, write };
  }

  #settle({ id, request, write }: Sent, { transactionId, pdu }: Frame): void {
    if (transactionId !== id) fail(`reply ${transactionId}, expected ${id}`);
    const reply = decodeReply(pdu, request);
    if (reply.exceptionCode !== undefined) {
      this.#history.refuse(write, reply.exceptionCode);
      return;
    }
    this.#history.acknowledge(write);
    const isOwn = write.slot.clients.length === 1;
    if (isOwn && reply.functionCode === 23 && String(reply.values) !== String(write.content)) {
      fail(`${write.slot.name}: read ${reply.values} after the write of ${write.content}`);
    }
  }
}

function fail(message: string): never {
  throw new Error(message);
}
