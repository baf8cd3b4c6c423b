// A Modbus/TCP Security server for clients that send bare PDUs, without the MBAP header: pymodbus up to 3.1, with its
// ModbusTlsFramer. They send no unit id, so all requests go to the default unit. They send no length, so the function
// code shows where a request ends.
//
//   npx busbar certs
//   node examples/bare-pdu-tls.mjs certs/server.pem certs/server.key certs/ca.pem
import { pathToFileURL } from 'node:url';
import { ModbusTlsServer, Unit } from 'busbar';

/** Keeps at most one PDU, until it is complete. */
class BarePduReader {
  position = 0;
  transactionId = 0;
  unitId = 0; // the device at the other end: the default unit
  pduStart = 0;
  problem = '';
  bytes;
  #context;
  #length = 0;
  #complete = false;

  constructor(context) {
    this.#context = context;
    this.bytes = new Uint8Array(context.maxPduLength);
  }

  get pduEnd() {
    return this.#length;
  }

  get incomplete() {
    return this.#length > 0 && !this.#complete;
  }

  next(chunk, at) {
    if (this.#complete) this.#restart();
    for (this.position = at; this.position < chunk.length; ) {
      this.bytes[this.#length++] = chunk[this.position++];
      const length = this.#context.requestLength(this.bytes, 0, this.#length);
      // If the length is unknown, the request is the whole chunk.
      const ends = length === undefined ? this.position === chunk.length : length === this.#length;
      if (ends) return this.#finish();
      if (this.#length === this.bytes.length) return this.#refuse();
    }
    return 'more';
  }

  whole(datagram) {
    return this.next(datagram, 0) === 'frame' && this.position === datagram.length ? 'frame' : 'more';
  }

  #finish() {
    this.#complete = true;
    return 'frame';
  }

  /** Nothing shows where the next request begins. */
  #refuse() {
    this.problem = `a request is longer than ${this.bytes.length} bytes`;
    return 'fatal';
  }

  #restart() {
    this.#length = 0;
    this.#complete = false;
  }
}

/** @type {import('busbar').Framing} */
export const barePdu = {
  name: 'bare PDU',
  sharedLine: false, // unit ids as on TCP: 0 is the default unit
  headerLength: 0,
  silence: 0, // pauses mean nothing
  maxLength: (maxPduLength) => maxPduLength,
  createReader: (context) => new BarePduReader(context),
  seal: (_target, start, pduLength) => start + pduLength, // nothing surrounds a PDU
};

/** Serves a boiler until Ctrl-C. */
async function main([certFile, keyFile, caFile]) {
  if (!caFile) throw new Error('usage: node examples/bare-pdu-tls.mjs CERTIFICATE KEY AUTHORITY, files in PEM');
  const boiler = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] });
  const server = new ModbusTlsServer({ units: [boiler], framing: barePdu, certFile, keyFile, caFile, port: 5020 });
  server.on('refused', ({ error }) => console.error(error.message));
  boiler.on('write', ({ address, values }) => console.log('written:', address, values));
  await server.listen();
  process.once('SIGINT', () => server.close());
  console.log('serving on port', server.address()?.port);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
