import { fileURLToPath } from 'node:url';
import { LineProcess } from './lines.js';
import { PYTHON } from './process.js';

const SCRIPT = fileURLToPath(new URL('../clients/pymodbus_client.py', import.meta.url));

export interface PymodbusCommand {
  call?: string;
  request?: string;
  arguments?: Record<string, unknown>;
  unit?: number;
  fields?: string[];
  /** Has pymodbus' own decoder read the registers of the reply, as the field `value`. */
  decode?: PymodbusCoding;
  timeout?: number;
}

/** How a value stands in registers, in the words of pymodbus' payloads. */
interface PymodbusCoding {
  kind: string;
  /** Bytes of a text. */
  size?: number;
  byteorder: '>' | '<';
  wordorder: '>' | '<';
}

export interface PymodbusReply {
  /** The PDU as it came, in hex. */
  pdu?: string;
  exception?: number;
  error?: string;
  [field: string]: unknown;
}

/** A pymodbus client in a process of its own. */
export class PymodbusClient {
  readonly #process: LineProcess;

  private constructor(process: LineProcess) {
    this.#process = process;
  }

  static connect(port: number): Promise<PymodbusClient> {
    return PymodbusClient.#start('127.0.0.1', String(port));
  }

  static connectSerial(framing: 'rtu' | 'ascii', path: string): Promise<PymodbusClient> {
    return PymodbusClient.#start(framing, path);
  }

  /** Over TCP, with pymodbus' binary framer. */
  static connectBinary(port: number): Promise<PymodbusClient> {
    return PymodbusClient.#start('binary', String(port));
  }

  /**
   * Over TLS, with pymodbus' framer of bare PDUs. `files`: the client's certificate, its key, and that of the
   * authority.
   */
  static connectSecurely(port: number, ...files: [string, string, string]): Promise<PymodbusClient> {
    return PymodbusClient.#start('tls', String(port), ...files);
  }

  static async #start(...place: string[]): Promise<PymodbusClient> {
    const process = new LineProcess(PYTHON, [SCRIPT, ...place]);
    await process.next().catch((error: unknown) => {
      const packages = 'python3-pymodbus python3-serial python3-serial-asyncio';
      throw new Error(`pymodbus did not start; it needs the Debian packages ${packages}`, { cause: error });
    });
    return new PymodbusClient(process);
  }

  async send(command: PymodbusCommand): Promise<PymodbusReply> {
    return JSON.parse(await this.#process.ask(JSON.stringify(command)));
  }

  /** Calls a method of pymodbus' client and returns some fields of the reply. */
  call(name: string, args: Record<string, unknown>, ...fields: string[]): Promise<PymodbusReply> {
    return this.send({ call: name, arguments: args, fields });
  }

  /** Sends an instance of one of pymodbus' request classes and returns some fields of the reply. */
  request(name: string, args: Record<string, unknown>, ...fields: string[]): Promise<PymodbusReply> {
    return this.send({ request: name, arguments: args, fields });
  }

  async close(): Promise<void> {
    await this.#process.end();
  }
}
