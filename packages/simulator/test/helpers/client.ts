import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { ModbusStreamServer, type Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';

/** A client of some units, over a connection in memory. */
export class Client {
  readonly #server: ModbusStreamServer;
  readonly #stream: Duplex;

  private constructor(server: ModbusStreamServer, stream: Duplex) {
    this.#server = server;
    this.#stream = stream;
  }

  static async of(...units: readonly Unit[]): Promise<Client> {
    const server = await new ModbusStreamServer({ units }).listen();
    const [client, peer] = createConnectionPair();
    server.accept(peer);
    return new Client(server, client);
  }

  /** Sends a request. @param pdu in hex. @returns the PDU of the reply. */
  async ask(pdu: string, unit = 1): Promise<string> {
    const bytes = Buffer.from(pdu, 'hex');
    this.#stream.write(Buffer.concat([Buffer.from([0, 1, 0, 0, 0, bytes.length + 1, unit]), bytes]));
    const [reply]: Buffer[] = await once(this.#stream, 'data');
    return reply?.subarray(7).toString('hex') ?? '';
  }

  /** Writes a coil (function 05). */
  async writeCoil(address: number, on: boolean): Promise<void> {
    await this.ask(`05${hex(address)}${on ? 'ff00' : '0000'}`);
  }

  /** Writes a holding register (function 06). */
  async writeRegister(address: number, value: number): Promise<void> {
    await this.ask(`06${hex(address)}${hex(value)}`);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(4, '0');
}
