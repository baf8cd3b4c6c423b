import { type FrameReader, type Framing, ModbusStreamServer, type Outcome, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { afterEach } from 'vitest';
import { createRecorder, record } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';

/** A frame of these tests: how many bytes the PDU has, the unit id, the PDU. */
export const READ = hex('length:05 unit:01 fc:03 start:0000 quantity:0001');
export const REPLY = '0401030200' + '14';

export class LengthReader implements FrameReader {
  position = 0;
  transactionId = 0;
  problem = '';
  bytes = Buffer.alloc(0);
  #complete = false;

  get unitId(): number {
    return this.bytes[1];
  }
  readonly pduStart: number = 2;
  get pduEnd(): number {
    return this.bytes.length;
  }
  get incomplete(): boolean {
    return !this.#complete && this.bytes.length > 0;
  }

  next(chunk: Uint8Array, at: number): Outcome {
    if (this.#complete) this.bytes = Buffer.alloc(0);
    this.#complete = false;
    for (this.position = at; this.position < chunk.length && !this.#complete; ) {
      this.bytes = Buffer.concat([this.bytes, chunk.subarray(this.position, ++this.position)]);
      this.#complete = this.bytes.length > 2 && this.bytes.length === 2 + this.bytes[0];
    }
    return this.#complete ? 'frame' : 'more';
  }

  whole(datagram: Uint8Array): Outcome {
    return this.next(datagram, 0);
  }
}

export const framing: Framing = {
  name: 'length',
  sharedLine: false,
  headerLength: 2,
  silence: 0,
  maxLength: (maxPduLength) => 2 + maxPduLength,
  createReader: () => new LengthReader(),
  seal(target, start, pduLength, _transactionId, unitId) {
    target[start] = pduLength;
    target[start + 1] = unitId;
    return start + 2 + pduLength;
  },
};

export const units = () => [new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 0xeeee] }] })];
const servers: ModbusStreamServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.shutdown()));
});

export async function serve(own: Framing) {
  const server = new ModbusStreamServer({ units: units(), framing: own });
  servers.push(server);
  const errors = record(server, 'error');
  const disconnects = record(server, 'disconnect');
  await server.listen();
  const connect = () => {
    const [client, served] = createConnectionPair();
    server.accept(served);
    const received = createRecorder<string>();
    client.on('data', (chunk: Buffer) => received.record(toHex(chunk)));
    client.on('end', () => client.end());
    return { client, received };
  };
  return { server, errors, disconnects, connect };
}
