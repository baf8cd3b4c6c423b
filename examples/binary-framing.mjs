// A framing of your own: the binary frames of pymodbus (up to 3.6) and jamod. A frame is
//
//   {  unit id  function code  data  CRC low  CRC high  }
//
// where each { or } in the data is doubled. The CRC is RTU's, over everything between the braces except the CRC itself.
//
//   node examples/binary-framing.mjs
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { ModbusStreamServer, Unit } from 'busbar';
import { createConnectionPair } from 'busbar/testing';

const START = 0x7b; // {
const END = 0x7d; // }
const isBrace = (byte) => byte === START || byte === END;

/** Bytes around the data: brace, unit id, function code, CRC, brace. */
const AROUND_DATA = 6;
const HEADER_LENGTH = 2;

function crc16(crc, byte) {
  let sum = crc ^ byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  return sum;
}

/** The longest frame: all its data are braces. */
function maxLength(maxPduLength) {
  return AROUND_DATA + 2 * (maxPduLength - 1);
}

/** Finds frames, however they are split. It never keeps more than the longest frame. */
class BinaryReader {
  position = 0;
  transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  problem = '';
  bytes; // the PDU of the last frame
  #context;
  #frame;
  #length = 0;
  #crc = 0xffff; // over the bytes up to three back: if the frame ends here, its CRC and a brace follow them
  #summed = 1;

  constructor(context) {
    this.#context = context;
    this.bytes = new Uint8Array(context.maxPduLength);
    this.#frame = new Uint8Array(maxLength(context.maxPduLength));
  }

  get incomplete() {
    return this.#length > 0;
  }

  get wakeAfter() {
    return this.incomplete ? this.#context.silence : 0;
  }

  next(chunk, at) {
    for (this.position = at; this.position < chunk.length; ) {
      if (this.#take(chunk[this.position++])) return 'frame';
    }
    return 'more';
  }

  whole(datagram) {
    return this.next(datagram, 0) === 'frame' && this.position === datagram.length ? 'frame' : 'more';
  }

  /** A pause: the incomplete frame is discarded. */
  silent() {
    if (this.#length > 0) this.#giveUp();
  }

  /** @returns whether the byte ends a frame. */
  #take(byte) {
    if (this.#length === 0 && byte !== START) return false; // rubbish between frames
    if (this.#length === this.#frame.length) this.#giveUp();
    this.#frame[this.#length++] = byte;
    while (this.#summed < this.#length - 3) this.#crc = crc16(this.#crc, this.#frame[this.#summed++]);
    if (byte !== END || this.#length < AROUND_DATA || !this.#hasGoodCrc()) return false;
    this.#describe();
    this.#restart();
    return true;
  }

  #hasGoodCrc() {
    const [low, high] = this.#frame.subarray(this.#length - 3);
    return this.#crc === ((high << 8) | low);
  }

  /** Copies the PDU, with single braces. */
  #describe() {
    const dataEnd = this.#length - 3;
    this.unitId = this.#frame[1];
    this.bytes[0] = this.#frame[2];
    this.pduEnd = 1;
    for (let at = 3; at < dataEnd && this.pduEnd < this.bytes.length; at++) {
      if (isBrace(this.#frame[at])) at++;
      this.bytes[this.pduEnd++] = this.#frame[at];
    }
  }

  #giveUp() {
    this.#context.communicationError();
    this.#restart();
  }

  #restart() {
    this.#length = 0;
    this.#crc = 0xffff;
    this.#summed = 1;
  }
}

/** @type {import('busbar').Framing} */
export const binaryFraming = {
  name: 'binary',
  sharedLine: true, // as with RTU: unit id 0 is broadcast, and unknown ids belong to other stations
  headerLength: HEADER_LENGTH, // a brace and the unit id come before the PDU
  silence: 50, // a pause of 50 ms ends an incomplete frame
  maxLength,
  createReader: (context) => new BinaryReader(context),

  /** Completes the frame whose PDU follows the header. */
  seal(target, start, pduLength, _transactionId, unitId) {
    const data = target.slice(start + HEADER_LENGTH + 1, start + HEADER_LENGTH + pduLength);
    target[start] = START;
    target[start + 1] = unitId;
    let end = start + HEADER_LENGTH + 1;
    for (const byte of data) {
      if (isBrace(byte)) target[end++] = byte;
      target[end++] = byte;
    }
    const crc = target.subarray(start + 1, end).reduce(crc16, 0xffff);
    target.set([crc & 0xff, crc >> 8, END], end);
    return end + 3;
  },
};

/** Asks a unit for its three registers. */
async function demonstrate() {
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 0x7b7d, 22] }] });
  const server = await new ModbusStreamServer({ units: [unit], framing: binaryFraming }).listen();
  const [client, served] = createConnectionPair();
  server.accept(served);
  client.write(Buffer.from('7b' + '01' + '0300000003' + '05cb' + '7d', 'hex'));
  const [reply] = await once(client, 'data');
  console.log(reply.toString('hex'));
  await server.close();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await demonstrate();
