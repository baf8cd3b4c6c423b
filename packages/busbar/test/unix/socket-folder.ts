import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModbusUnixServer, type UnixServerOptions } from 'busbar';
import { MbapClient } from '../helpers/mbap-client.js';
import { netStream } from '../helpers/net-stream.js';
import { ask, createCountingUnit, registerReply } from '../helpers/served.js';

/** A temporary folder for sockets; it goes at the end of the `using` block. */
export function socketFolder() {
  const path = mkdtempSync(join(tmpdir(), 'busbar-unix-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

export function create(options: Pick<UnixServerOptions, 'path' | 'mode'>): ModbusUnixServer {
  return new ModbusUnixServer({ units: [createCountingUnit()], ...options });
}

const LISTEN_AND_DIE = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;

/** Leaves a socket as a program does that is killed. */
export function leaveSocket(path: string): void {
  const { signal } = spawnSync(process.execPath, ['-e', LISTEN_AND_DIE, path]);
  if (signal !== 'SIGKILL') throw new Error('the program was not killed while it listened');
}

/** Whether a client gets an answer there. */
export async function isServedAt(path: string): Promise<boolean> {
  const client = new MbapClient(await netStream(path));
  const reply = await ask(client, 1, 'fc:03 start:0005 quantity:0001');
  await client.close();
  return reply === registerReply(5);
}
