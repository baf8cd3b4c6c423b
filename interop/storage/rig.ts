import { random } from '../helpers/random.js';
import { History } from './history.js';
import { readImage } from './image.js';
import { type Keeping, KeptServer } from './kept-server.js';
import { CLIENTS, contentOf, createSlots, type Image } from './slots.js';
import { Writer } from './writer.js';

/** A kept unit, four clients that write to it, and all that they know; the server comes and goes. */
export class Rig {
  readonly history: History;
  readonly #keeping: Keeping;
  readonly #slots = createSlots();
  readonly #writers: readonly Writer[];
  #server: KeptServer | undefined;

  constructor(keeping: Keeping, seed: number) {
    this.#keeping = keeping;
    this.history = new History();
    this.#writers = CLIENTS.map((client) => new Writer(client, this.#slots, this.history, random(seed + client)));
  }

  /** The server that was started last. */
  get server(): KeptServer {
    if (this.#server === undefined) throw new Error('no server has been started');
    return this.#server;
  }

  async start(level: Keeping['level'] = {}): Promise<KeptServer> {
    this.#server = await KeptServer.start({ ...this.#keeping, level });
    return this.#server;
  }

  /** All clients write until `enough`, which they ask before each request, or until the server is gone. */
  async write(enough: () => boolean): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.run(this.server.port, enough)));
  }

  /** Writes until so many more are acknowledged. */
  async acknowledge(count: number): Promise<void> {
    const target = this.history.acknowledged + count;
    await this.write(() => this.history.acknowledged >= target);
  }

  /** Writes until so many more are refused. */
  async beRefused(count: number): Promise<void> {
    const target = this.history.refusals.length + count;
    await this.write(() => this.history.refusals.length >= target);
  }

  /** What is wrong with what the unit holds, while nobody writes. */
  async look(): Promise<string[]> {
    const image = await readImage(this.server.port);
    return this.history.check(this.#slots, (slot) => contentOf(slot, image));
  }

  /** What is wrong with what was found elsewhere of the unit. */
  faultsOf(image: Image): string[] {
    return this.history.faults(this.#slots, (slot) => contentOf(slot, image));
  }

  /** Ends the server, if there is one, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.kill();
  }
}
