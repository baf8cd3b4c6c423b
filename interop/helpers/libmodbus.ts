import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './folder.js';
import { LineProcess } from './lines.js';
import { runChecked } from './process.js';

const SOURCE = fileURLToPath(new URL('../clients/libmodbus-client.c', import.meta.url));

/** Compiles a program that uses libmodbus. */
export async function compile(source: string, program: string): Promise<void> {
  const args = ['-Wall', '-Wextra', '-Werror', '-o', program, source, '-lmodbus'];
  await runChecked('gcc', args).catch((error: unknown) => {
    throw new Error('no program with libmodbus; it needs the Debian packages gcc and libmodbus-dev', { cause: error });
  });
}

/** A libmodbus client, compiled for the occasion, in a process of its own. */
export class LibmodbusClient {
  readonly #process: LineProcess;
  readonly #folder: ReturnType<typeof temporaryFolder>;

  private constructor(process: LineProcess, folder: ReturnType<typeof temporaryFolder>) {
    this.#process = process;
    this.#folder = folder;
  }

  /** @param to a TCP port of this machine, or the path of a serial line. */
  static async connect(to: number | string): Promise<LibmodbusClient> {
    const folder = temporaryFolder();
    const program = join(folder.path, 'libmodbus-client');
    try {
      await compile(SOURCE, program);
      const process = new LineProcess(program, typeof to === 'number' ? ['127.0.0.1', String(to)] : [to, '19200']);
      await process.next();
      return new LibmodbusClient(process, folder);
    } catch (error) {
      folder.remove();
      throw error;
    }
  }

  /** Calls a function of libmodbus; what it answers is "ok …" or "error …". */
  call(name: string, ...numbers: number[]): Promise<string> {
    return this.#process.ask([name, ...numbers].join(' '));
  }

  /** Sends a PDU, given in hex, to unit 1 and returns the PDU of the reply in hex. */
  async raw(pdu: string): Promise<string> {
    const reply = await this.call('send_raw_request', 1, ...Buffer.from(pdu, 'hex'));
    return reply.replace(/^ok 01/, '');
  }

  async close(): Promise<void> {
    await this.#process.end();
    this.#folder.remove();
  }
}
