import { channel } from 'node:diagnostics_channel';
import type { Client } from '../data/request.js';

/**
 * What subscribers of the channels `busbar:request` and `busbar:reply` (see `node:diagnostics_channel`) get: the PDU, copied.
 * Nothing is paid while nobody subscribes.
 */
export interface TraceMessage {
  readonly client: Client;
  readonly unitId: number;
  readonly pdu: Uint8Array;
}

export const requestChannel = channel('busbar:request');
export const replyChannel = channel('busbar:reply');

export function trace(
  to: typeof requestChannel,
  client: Client,
  unitId: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const message: TraceMessage = { client, unitId, pdu: bytes.slice(start, end) };
  to.publish(message);
}
