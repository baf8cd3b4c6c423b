import type { SerialPort } from 'serialport';
import { openPort } from './open-port.js';
import { createPtyPair, type PtyPair } from './pty.js';
import { random } from './random.js';

const MEMBERS = ['master', 'busbar', 'libmodbus', 'pymodbus'] as const;
/** Who is on the bus, by what it is made of. */
export type Member = (typeof MEMBERS)[number];

/** What was on the line at once, and whose it was; noise is nobody's. */
export interface Heard {
  from: Member | 'noise';
  bytes: Buffer;
}

const LONGEST_PIECE = 40;
const LONGEST_NOISE = 12;

/**
 * A shared line. What the master sends goes to every station, and what a station sends to the master and to Busbar,
 * which hears everybody, as on two wires; the other stations hear the master only, as on four, since replies of others
 * confuse them.
 */
export class Bus {
  /** All that has been on the line, in order. */
  readonly record: Heard[] = [];
  /** Whether Busbar gets what it hears in pieces, cut at random. */
  cutting = false;
  readonly #taps: Record<Member, Tap>;
  readonly #noise: (below: number) => number;
  readonly #cuts: (below: number) => number;

  private constructor(taps: Record<Member, Tap>, seed: number) {
    this.#taps = taps;
    this.#noise = random(seed);
    this.#cuts = random(seed + 1);
    for (const member of MEMBERS) taps[member].listen((bytes) => this.#carry(member, bytes));
  }

  /** @param seed of all that the bus does to what Busbar hears. */
  static async open(seed: number): Promise<Bus> {
    const opened: Tap[] = [];
    try {
      while (opened.length < MEMBERS.length) opened.push(await Tap.open());
    } catch (error) {
      await Promise.all(opened.map((tap) => tap.close()));
      throw error;
    }
    const [master, busbar, libmodbus, pymodbus] = opened;
    return new Bus({ master, busbar, libmodbus, pymodbus }, seed);
  }

  /** The serial port by which a member is on the bus. */
  path(member: Member): string {
    return this.#taps[member].path;
  }

  /** Busbar hears some bytes that nobody has sent. */
  disturb(): void {
    const bytes = Buffer.from(Array.from({ length: 1 + this.#noise(LONGEST_NOISE) }, () => this.#noise(256)));
    this.record.push({ from: 'noise', bytes });
    this.#taps.busbar.send(this.#pieces(bytes));
  }

  /** All that a member has sent since the record was that long. */
  sentBy(member: Member, begin: number): Buffer {
    const sent = this.record.slice(begin).filter(({ from }) => from === member);
    return Buffer.concat(sent.map(({ bytes }) => bytes));
  }

  async close(): Promise<void> {
    await Promise.all(MEMBERS.map((member) => this.#taps[member].close()));
  }

  #carry(from: Member, bytes: Buffer): void {
    this.record.push({ from, bytes });
    const listeners: Member[] = from === 'master' ? ['libmodbus', 'pymodbus'] : ['master'];
    for (const listener of listeners) this.#taps[listener].send([bytes]);
    if (from !== 'busbar') this.#taps.busbar.send(this.#pieces(bytes));
  }

  #pieces(bytes: Buffer): Buffer[] {
    if (!this.cutting) return [bytes];
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + this.#cuts(LONGEST_PIECE);
      pieces.push(bytes.subarray(at, end));
      at = end;
    }
    return pieces;
  }
}

/** Where one member is connected to the bus: the member has one end of a line of its own, the bus the other. */
class Tap {
  readonly path: string;
  readonly #pair: PtyPair;
  readonly #port: SerialPort;
  #sent = Promise.resolve();

  private constructor(pair: PtyPair, port: SerialPort) {
    this.path = pair.a;
    this.#pair = pair;
    this.#port = port;
  }

  static async open(): Promise<Tap> {
    const pair = await createPtyPair();
    try {
      return new Tap(pair, await openPort(pair.b));
    } catch (error) {
      await pair.remove();
      throw error;
    }
  }

  listen(heard: (bytes: Buffer) => void): void {
    this.#port.on('data', heard);
  }

  /** Sends the pieces one by one, behind what is still to be sent. */
  send(pieces: Buffer[]): void {
    for (const piece of pieces) this.#sent = this.#sent.then(() => written(this.#port, piece));
  }

  async close(): Promise<void> {
    try {
      await this.#sent;
    } finally {
      await new Promise<void>((resolve) => this.#port.close(() => resolve()));
      await this.#pair.remove();
    }
  }
}

/** Waits until the piece has left the port: what is written meanwhile would be joined to it. */
function written(port: SerialPort, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    port.write(piece);
    port.drain((error) => (error ? reject(error) : resolve()));
  });
}
