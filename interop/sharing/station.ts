import { ModbusTcpServer, Unit } from 'busbar';
import { SharedImage, type SharingOptions } from 'busbar/sharing';
import { Redis, type RedisOptions } from 'ioredis';
import { onTestFinished } from 'vitest';
import { MbapClient } from '../../packages/busbar/test/helpers/mbap-client.js';

/** Of ioredis, without one whose type does not fit its own constructor. */
export type Options = Omit<RedisOptions, 'replyMapping'>;

/** How long clients wait unless a test says otherwise, in ms: far longer than by default, for machines that are busy with more. */
export const COMMAND_TIMEOUT = 1000;

/** A server of the image `plant` in the test's own process, whose unit 1 has one holding register, and a client of it. */
export class Station {
  readonly image: SharedImage;
  readonly unit: Unit;
  /** What the image has told: `away`, `back 3`, `reloaded …`. */
  readonly told: string[] = [];
  readonly #client: MbapClient;

  private constructor(image: SharedImage, unit: Unit, client: MbapClient) {
    this.image = image;
    this.unit = unit;
    this.#client = client;
    image.on('away', () => this.told.push('away'));
    image.on('back', ({ lostWrites }) => this.told.push(`back ${lostWrites}`));
    image.on('failed', ({ error }) => this.told.push(`failed: ${error.message}`));
    image.on('recovered', () => this.told.push('recovered'));
    image.on('reloaded', ({ reason }) => this.told.push(`reloaded: ${reason}`));
  }

  /** Rejects with what `join` or `share` says. It ends with the test. */
  static async start(options: Options, sharing: Omit<SharingOptions, 'redis' | 'image'> = {}): Promise<Station> {
    const redis = new Redis(options);
    redis.on('error', () => undefined); // `away` tells
    onTestFinished(() => redis.disconnect());
    const image = await SharedImage.join({ redis, image: 'plant', commandTimeout: COMMAND_TIMEOUT, ...sharing });
    onTestFinished(() => image.close());
    const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 1 }] });
    await image.share(unit);
    const server = await new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 }).listen();
    onTestFinished(() => server.close());
    const client = await MbapClient.connect({ host: '127.0.0.1', port: server.address()?.port ?? 0 });
    return new Station(image, unit, client);
  }

  /** What a client reads: a number, or `exception 4`. */
  async read(): Promise<number | string> {
    return this.#ask([3, 0, 0, 0, 1], (reply) => reply.readUInt16BE(2));
  }

  /** What a client gets that writes a number: the number, or `exception 4`. */
  async write(value: number): Promise<number | string> {
    return this.#ask([6, 0, 0, value >> 8, value], (reply) => reply.readUInt16BE(3));
  }

  async #ask(pdu: number[], result: (reply: Buffer) => number): Promise<number | string> {
    const reply = Buffer.from(await this.#client.request(1, Buffer.from(pdu)));
    return reply[0] === pdu[0] ? result(reply) : `exception ${reply[1]}`;
  }
}
