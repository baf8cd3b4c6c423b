import type { Duplex } from 'node:stream';
import type { Peer } from '../conformance/connector.js';
import { PROBE } from '../conformance/device.js';
import { toHex } from './hex.js';

/** An address and a PDU. */
interface Frame {
  unit: number;
  pdu: Uint8Array;
}

/** One of the serial framings, as a client sees it. */
export interface ClientFraming {
  encode(frame: Frame): Uint8Array;
  /** Bytes of the first whole reply among what has come; 0 while there is none. */
  firstLength(received: Uint8Array): number;
  decode(bytes: Uint8Array): Frame;
}

/** Bit by bit, as the protocol document describes it. */
function crc(bytes: Uint8Array): number {
  let register = 0xffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xa001 : register >> 1;
  }
  return register;
}

function encodeRtu({ unit, pdu }: Frame): Uint8Array {
  const bytes = Uint8Array.of(unit, ...pdu);
  const check = crc(bytes);
  return Uint8Array.of(...bytes, check & 0xff, check >> 8);
}

const PROBE_REPLY = encodeRtu({ unit: PROBE.unit, pdu: PROBE.reply });

/**
 * RTU replies don't say how long they are: one ends where the probe's reply begins, else where what has come has a good
 * CRC.
 */
export const rtuClient: ClientFraming = {
  encode: encodeRtu,
  firstLength(received) {
    const ahead = received.length - PROBE_REPLY.length;
    if (ahead > 0 && toHex(received.subarray(ahead)) === toHex(PROBE_REPLY)) return ahead;
    return received.length > 3 && crc(received) === 0 ? received.length : 0;
  },
  decode: (bytes) => ({ unit: bytes[0] ?? 0, pdu: bytes.slice(1, -2) }),
};

/** ASCII, with the delimiter that the last 08/03 has asked for. */
export function asciiClient(): ClientFraming {
  let delimiter = '\n';
  return {
    encode({ unit, pdu }) {
      const bytes = [unit, ...pdu];
      const lrc = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
      const encoded = Buffer.from(`:${toHex(Uint8Array.of(...bytes, lrc))}\r${delimiter}`, 'latin1');
      const [, character] = /^080003(..)00$/.exec(toHex(pdu)) ?? [];
      if (character !== undefined) delimiter = String.fromCharCode(Number.parseInt(character, 16));
      return encoded;
    },
    firstLength(received) {
      const end = received.indexOf(0x0d) + 2;
      return end > 1 && end <= received.length ? end : 0;
    },
    decode(text) {
      const bytes = Buffer.from(Buffer.from(text).toString('latin1', 1, text.length - 4), 'hex');
      return { unit: bytes[0] ?? 0, pdu: Uint8Array.from(bytes.subarray(1)) };
    },
  };
}

export interface LineClientOptions {
  framing: ClientFraming;
  close(): Promise<void>;
  /**
   * Resolves when the server has taken what was sent: where only silence delimits frames, the next one has to wait for
   * that.
   */
  taken?(): Promise<void>;
}

/** A client of the suite over a stream that carries RTU or ASCII frames. */
export class LineClient implements Peer {
  readonly #stream: Duplex;
  readonly #options: LineClientOptions;
  #received = Buffer.alloc(0);
  #arrived: () => void = () => {};

  constructor(stream: Duplex, options: LineClientOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#arrived();
    });
  }

  async request(unit: number, pdu: Uint8Array): Promise<Uint8Array> {
    this.#send(unit, pdu);
    const reply = await this.#next();
    if (reply.unit !== unit) throw new Error(`a reply from unit ${reply.unit}`);
    return reply.pdu;
  }

  async exchange(unit: number, pdu: Uint8Array): Promise<Uint8Array | undefined> {
    const taken = this.#options.taken?.();
    this.#send(unit, pdu);
    await taken;
    this.#send(PROBE.unit, PROBE.request);
    const first = await this.#next();
    if (isProbeReply(first)) return undefined;
    if (first.unit !== unit) throw new Error(`a reply from unit ${first.unit}`);
    if (!isProbeReply(await this.#next())) throw new Error('more than one reply to a request');
    return first.pdu;
  }

  close(): Promise<void> {
    return this.#options.close();
  }

  #send(unit: number, pdu: Uint8Array): void {
    this.#stream.write(this.#options.framing.encode({ unit, pdu }));
  }

  async #next(): Promise<Frame> {
    const { framing } = this.#options;
    for (;;) {
      const length = framing.firstLength(this.#received);
      if (length > 0) {
        const bytes = this.#received.subarray(0, length);
        this.#received = this.#received.subarray(length);
        return framing.decode(bytes);
      }
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}

function isProbeReply({ unit, pdu }: Frame): boolean {
  return unit === PROBE.unit && toHex(pdu) === toHex(PROBE.reply);
}
