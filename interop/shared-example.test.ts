import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { root } from './helpers/document.js';
import { temporaryFolder } from './helpers/folder.js';
import { freePort } from './helpers/free-port.js';
import { LineProcess } from './helpers/lines.js';
import { run } from './helpers/process.js';
import { until } from './helpers/until.js';

const EXAMPLE = join(root, 'examples/shared');
/** What the example prints before its servers are ready. */
const MAX_LINES = 200;

/** Redis and the two servers of the example, on free ports, and a balancer in front of them. */
class Plant {
  readonly #folder = temporaryFolder();
  readonly modbus: number[] = [];
  balanced = 0;
  /** The process of the first server. */
  serverOne = 0;
  #example: LineProcess | undefined;
  #balancer: LineProcess | undefined;

  async start(): Promise<void> {
    const [redis, one, two] = [await freePort(), await freePort(), await freePort()];
    const [httpOne, httpTwo, balanced] = [await freePort(), await freePort(), await freePort()];
    this.modbus.push(one, two);
    this.balanced = balanced;
    const env = [`REDIS_PORT=${redis}`, `MODBUS_PORTS=${one},${two}`, `HTTP_PORTS=${httpOne},${httpTwo}`];
    this.#example = new LineProcess('env', [...env, process.execPath, join(EXAMPLE, 'start.mjs')]);
    this.serverOne = Number((await this.#lineWith(/kill -9 (\d+) is server 1/))[1]);
    await this.#lineWith(/^Consoles/);
    this.#balance({ 5502: balanced, 5020: one, 5021: two, 8502: httpOne, 8503: httpTwo });
  }

  async #lineWith(pattern: RegExp): Promise<RegExpMatchArray> {
    for (let count = 0; count < MAX_LINES; count++) {
      const found = (await this.#example?.next())?.match(pattern);
      if (found) return found;
    }
    throw new Error(`the example does not print ${pattern}`);
  }

  /** Starts the balancer with its own config, on other ports. */
  #balance(ports: Readonly<Record<string, number>>): void {
    const config = readFileSync(join(EXAMPLE, 'haproxy.cfg'), 'utf8');
    const file = join(this.#folder.path, 'haproxy.cfg');
    writeFileSync(
      file,
      config.replace(/\b(5502|5020|5021|8502|8503)\b/g, (port) => `${ports[port]}`),
    );
    this.#balancer = new LineProcess('haproxy', ['-db', '-f', file]);
  }

  async stop(): Promise<void> {
    await this.#balancer?.end();
    await this.#example?.end('SIGINT');
    this.#folder.remove();
  }
}

/** mbpoll reads or writes the set point. */
function poll(port: number, ...values: number[]): Promise<{ code: number | null; stdout: string }> {
  const place = ['-m', 'tcp', '-p', `${port}`, '-a', '1', '-r', '1', '-t', '4', '-1', '-o', '1'];
  return run('mbpoll', [...place, '127.0.0.1', ...(values.length === 0 ? [] : ['--', ...values.map(String)])]);
}

/** Writes a value, in the end: the balancer may need a moment to see that a server is gone, and a busy machine to answer in time. */
async function write(port: number, value: number): Promise<void> {
  await until(
    () => poll(port, value),
    ({ code }) => code === 0,
  );
}

/** Waits until a port reads a value: a server may have come, or gone, a moment ago. */
async function readSetpoint(port: number, expected: number): Promise<void> {
  await until(
    () => poll(port),
    ({ stdout }) => stdout.includes(`[1]: \t${expected}`),
  );
}

describe('the example of two servers with one image', () => {
  const plant = new Plant();

  beforeAll(() => plant.start());
  afterAll(() => plant.stop());

  test('what is written through one server is read through the other', async () => {
    const [one, two] = plant.modbus;
    await write(one, 550);
    await readSetpoint(two, 550);
    await write(two, 600);
    await readSetpoint(one, 600);
  });

  test('a balancer leads clients to a server that is ready, also when one is killed', async () => {
    await readSetpoint(plant.balanced, 600);
    process.kill(plant.serverOne, 'SIGKILL');
    await readSetpoint(plant.balanced, 600);
    const [, two] = plant.modbus;
    await write(plant.balanced, 700);
    await readSetpoint(two, 700);
  });
});
