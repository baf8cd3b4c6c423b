import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModbusUnixServer } from 'busbar';
import { afterAll } from 'vitest';
import { netStream } from '../helpers/net-stream.js';
import { streamConnector } from '../helpers/stream-connector.js';
import { describeConformance } from './describe-conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'busbar-unix-'));
afterAll(() => rmSync(folder, { recursive: true }));

const connector = streamConnector('mbap', async (options) => {
  const path = join(folder, 'busbar.sock');
  const server = await new ModbusUnixServer({ ...options, path }).listen();
  return { server, connect: () => netStream(path) };
});

describeConformance('a Unix domain socket', connector);
