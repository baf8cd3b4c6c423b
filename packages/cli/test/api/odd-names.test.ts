import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Services } from '../../src/api/services.js';
import { Webhooks } from '../../src/api/webhooks/webhooks.js';
import type { Device } from '../../src/device/device.js';
import { loadDevice } from '../../src/device/load-device.js';
import { Logger } from '../../src/log/logger.js';
import { Certificates } from '../helpers/certificates.js';
import { request } from '../helpers/client.js';
import { folderWith } from '../helpers/files.js';
import { TestOutput } from '../helpers/output.js';
import { serveApi } from './helpers/api.js';
import { eventsOf } from './helpers/events.js';
import { Receiver } from './helpers/receiver.js';

/** What ends lines, steers terminals, opens tags, and closes quotes and braces, wherever it can come from. */
const ODD = 'x\r\nid: 9\n\n\u001b[31m<script>"\\},{ü\u2028\u202e😀';

/** Served with TLS until the end of the test, to a client with an odd role. */
async function oddDevice(): Promise<{ device: Device; certificates: Certificates }> {
  const name = JSON.stringify(ODD);
  const tls = 'certFile: server.pem, keyFile: server.key, caFile: ca.pem';
  const folder = folderWith({
    'boiler.yaml': `
listen: [{ type: tls, port: 0, name: ${name}, ${tls}, roles: [{ role: ${name} }] }]
faults: [{ name: ${name}, delay: 1ms, active: false }]
units: [{ id: 1, name: ${name}, points: { text: { at: holding 0, type: string, length: 40, description: ${name} } } }]
`,
  });
  const certificates = new Certificates(folder.path);
  certificates.issue('jane', { role: ODD });
  const device = await loadDevice(join(folder.path, 'boiler.yaml'));
  onTestFinished(async () => {
    await device.close();
    folder[Symbol.dispose]();
  });
  await device.start();
  return { device, certificates };
}

/** A write of a text to the 40 registers from 0 on. */
function writeText(text: string): string {
  const bytes = Buffer.alloc(80);
  bytes.write(text);
  return `100000002850${bytes.toString('hex')}`;
}

/** As the text of Prometheus has it: all but these three stays. */
function asLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

test('odd names, roles and values come out everywhere as they are, and are nothing else', async () => {
  const { device, certificates } = await oddDevice();
  const receiver = await Receiver.start();
  const { url, get, send } = await serveApi(device);
  const events = await eventsOf(url, '?types=connect,write,fault,request,log');
  await events.nextBlock();
  const hooked = new Services(device, new Logger('json', 'info', new TestOutput()), () => device.reload());
  const webhooks = new Webhooks(device, hooked.feed, new Logger('json', 'info', new TestOutput()));
  onTestFinished(() => {
    webhooks.stop();
    hooked.stop();
  });
  webhooks.replace([{ on: 'write', url: receiver.url }]);

  const address = device.boundServers[0].server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the listener has no port');
  const client = await certificates.connected(address.port, 'jane');
  onTestFinished(() => void client.destroy());
  await request(client, 1, writeText(ODD));
  await send('PATCH', `faults/${encodeURIComponent(ODD)}`, { active: true });

  // The stream, whose every block is checked by the contract.
  expect((await events.nextOf('connect')).data).toMatchObject({ listener: ODD, role: ODD });
  const { data } = await events.nextOf('write');
  expect(data).toMatchObject({ client: { role: ODD }, points: [{ value: ODD, text: ODD }] });
  expect((await events.nextOf('fault')).data.fault).toMatchObject({ name: ODD });
  expect((await receiver.next()).data).toMatchObject({ client: { role: ODD }, points: [{ value: ODD }] });

  expect((await get('clients')).body).toMatchObject([{ role: ODD, listener: ODD }]);
  expect((await get(`units/${encodeURIComponent(ODD)}/points/text`)).body).toMatchObject({ value: ODD, text: ODD });
  expect((await get('')).body).toMatchObject({ listeners: [{ name: ODD }], units: [{ name: ODD }] });
  expect((await get('traffic')).body[0]).toMatchObject({ client: { role: ODD }, listener: ODD });
  expect(Object.keys((await get('counters')).body.listeners)).toEqual([ODD]);
  expect((await get(`clients/${encodeURIComponent(ODD)}`)).headers.get('Set-Cookie')).toBe(null);

  const text = await (await fetch(new URL('metrics', url))).text();
  const up = text.split('\n').filter((line) => line.startsWith('busbar_listener_up'));
  expect(up).toEqual([`busbar_listener_up{listener="${asLabel(ODD)}"} 1`]);
});
