import type { DiagnosticsPolicy } from 'busbar';
import { expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import type { Connector, Peer } from './connector.js';
import { createDevice, createProbe, DEVICE_ID } from './device.js';
import { CHANGING, READING } from './vectors/diagnostics-policy.js';

const READ = 'fc:03 start:0000 quantity:0001';
const READ_REPLY = '03021000';
const REFUSED = '8801';

/** Which sub-functions of 08 the policies let through, and which is the default. */
export function describePolicies(connector: Connector): void {
  async function withPeer(policy: DiagnosticsPolicy | undefined, use: (peer: Peer) => Promise<void>): Promise<void> {
    const options = policy === undefined ? {} : { diagnostics: policy };
    const server = await connector.start({ units: [createDevice(), createProbe()], ...options });
    const peer = await server.open();
    try {
      await use(peer);
    } finally {
      await peer.close();
      await server.close();
    }
  }

  async function ask(peer: Peer, request: string): Promise<string | undefined> {
    const reply = await peer.exchange(DEVICE_ID, hex(request));
    return reply && toHex(reply);
  }

  async function expectReadOnly(peer: Peer): Promise<void> {
    for (const request of READING) {
      expect(await ask(peer, request), request).toMatch(new RegExp(`^${toHex(hex(request)).slice(0, 6)}`));
    }
    for (const request of CHANGING) expect(await ask(peer, request), request).toBe(REFUSED);
    // None of them has had an effect: the unit has not fallen silent, and its exceptions are still counted.
    expect(await ask(peer, READ)).toBe(READ_REPLY);
    expect(await ask(peer, 'fc:08 subFunction:000D data:0000')).not.toBe('08000D0000');
  }

  test('read answers the sub-functions that change nothing, and refuses the others with 01, whatever their data', () =>
    withPeer('read', expectReadOnly));

  test('none refuses the whole function with 01', () =>
    withPeer('none', async (peer) => {
      for (const request of [...READING, ...CHANGING, 'fc:08', 'fc:08 00']) {
        expect(await ask(peer, request), request).toBe(REFUSED);
      }
      expect(await ask(peer, READ)).toBe(READ_REPLY);
    }));

  if (connector.serial) {
    test('the default is all', () =>
      withPeer(undefined, async (peer) => {
        expect(await ask(peer, 'fc:08 subFunction:0001 data:0000')).toBe('0800010000');
        expect(await ask(peer, 'fc:08 subFunction:0004 data:0000')).toBeUndefined();
        expect(await ask(peer, READ)).toBeUndefined();
      }));
  } else {
    test('the default is read', () => withPeer(undefined, expectReadOnly));
  }
}
