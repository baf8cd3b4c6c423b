import { expect } from 'vitest';
import { hex, toHex } from './hex.js';
import { frame, type MbapClient } from './mbap-client.js';
import { readRegister, registerReply } from './served.js';

/** A request for 100 registers of a counting unit, and the length of the frame that answers it. */
const READ_100 = frame(1, 1, hex('fc:03 start:0000 quantity:0064'));
export const FLOOD_REQUEST_LENGTH = READ_100.length;
export const FLOOD_REPLY_LENGTH = 7 + 2 + 200;

const BATCH = 1000;
const MAX_BATCHES = 5000;
/** Round trips of the bystander that a batch may take to be read: far more turns of the event loop than it needs. */
const PATIENCE = 1000;

export async function roundTrips(client: MbapClient, count: number): Promise<void> {
  for (let i = 0; i < count; i++) expect(toHex(await client.request(1, readRegister(5)))).toBe(registerReply(5));
}

/**
 * Sends requests of a client that reads no replies until the server, while it serves a bystander, takes no more of
 * them.
 * @returns how many requests were sent.
 */
export async function flood(client: MbapClient, bystander: MbapClient): Promise<number> {
  const batch = Buffer.concat(Array.from({ length: BATCH }, () => READ_100));
  client.socket.pause();
  for (let batches = 1; batches <= MAX_BATCHES; batches++) {
    let taken = false;
    client.socket.write(batch, () => {
      taken = true;
    });
    for (let trips = 0; trips < PATIENCE && !taken; trips += 50) await roundTrips(bystander, 50);
    if (!taken) return batches * BATCH;
  }
  throw new Error('the server never stopped reading');
}
