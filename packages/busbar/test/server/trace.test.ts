import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { TraceMessage } from 'busbar';
import { expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { ask, createCountingUnit, serve } from '../helpers/served.js';

test('the channels busbar:request and busbar:reply carry every PDU with its unit id and client', async () => {
  const { connect } = await serve({ units: [createCountingUnit()] });
  const client = await connect();
  const port = client.socket.localPort;
  const seen: string[] = [];
  const listen = (message: unknown, name: string | symbol) => {
    const { client: peer, unitId, pdu } = message as TraceMessage;
    if (peer.port === port) seen.push(`${String(name)} ${unitId} ${toHex(pdu)}`);
  };
  const channels = ['busbar:request', 'busbar:reply'];
  for (const name of channels) subscribe(name, listen);
  await ask(client, 1, 'fc:03 start:0005 quantity:0001');
  await ask(client, 255, 'fc:41');
  await ask(client, 9, 'fc:41');
  for (const name of channels) unsubscribe(name, listen);
  await client.request(1, hex('fc:41'));
  expect(seen).toEqual([
    'busbar:request 1 0300050001',
    'busbar:reply 1 03020005',
    'busbar:request 255 41',
    'busbar:reply 255 C101',
    'busbar:request 9 41',
    'busbar:reply 9 C10B',
  ]);
});
