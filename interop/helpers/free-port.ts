import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to whoever asks for any: nobody is given one of these by chance. */
const FIRST = 10_240;
const COUNT = 20_000;
/** Processes that run side by side begin apart. */
const STEP = 100;

let next = process.pid * STEP;

/** A port that nobody listens on, for what cannot have the system choose one, or needs the same again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
