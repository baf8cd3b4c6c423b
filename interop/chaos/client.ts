import { MbapClient } from '../../packages/busbar/test/helpers/mbap-client.js';
import { PULSE } from './beats.js';
import { type Cell, KINDS, LOOKS, type Look, wordsOf, writeAndRead } from './cells.js';
import type { SharedServer } from './shared-server.js';
import { pick, type World } from './world.js';

/** No reply takes longer, in ms, unless its server was paused or killed: `commandTimeout`, and what a busy machine takes. */
const LONGEST = 3000;
/** When a client gives up, in ms. */
const PATIENCE = 6000;
/** Exceptions by which a server refuses what it cannot agree on with Redis. */
const REFUSALS = [4, 6];

/** A client that writes and reads through all servers, with values that nobody else writes, and notes what it sees. */
export class Client {
  readonly #world: World;
  readonly #random: (below: number) => number;
  readonly #connections = new Map<SharedServer, MbapClient>();
  /** The last value that was written to each cell, by any client. */
  readonly #written: Map<Cell, number>;

  /** @param number of this client: no other has it. */
  constructor(world: World, number: number, written: Map<Cell, number>) {
    this.#world = world;
    this.#random = world.numbersOf(number);
    this.#written = written;
  }

  /** One request after the other. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const server = this.#pick(this.#world.servers);
      if (server.port === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      else await this.#use(server);
    }
  }

  async #use(server: SharedServer): Promise<unknown> {
    if (this.#random(10) === 0) return this.#feel(server);
    if (this.#random(2) === 0) return this.#write(server, this.#pickCell());
    return this.look(server, this.#pick(LOOKS));
  }

  async #feel(server: SharedServer): Promise<void> {
    const { beats, servers } = this.#world;
    const start = performance.now();
    const reply = await this.#ask(server, PULSE);
    if (reply === undefined) return;
    const [count, author] = wordsOf(reply);
    beats.push({ count, author, reader: 1 + servers.indexOf(server), start, end: performance.now() });
  }

  /** Reads some cells. @returns their values; undefined if there was no reply, or a refusal. */
  async look(server: SharedServer, look: Look): Promise<(number | undefined)[] | undefined> {
    const start = performance.now();
    const reply = await this.#ask(server, look.pdu);
    const end = performance.now();
    if (reply === undefined) return undefined;
    const words = wordsOf(reply);
    return look.cells.map((cell) => {
      const at = cell.address - look.address;
      const value = cell.decode(words.slice(at, at + cell.quantity));
      if (value === undefined) this.#world.problems.push(`${cell.name}: torn on ${server.name}: ${words.slice(at)}`);
      else this.#world.history.push({ cell: cell.name, kind: 'read', value, server: server.name, start, end });
      return value;
    });
  }

  close(): void {
    for (const connection of this.#connections.values()) void connection.close();
    this.#connections.clear();
  }

  #pick<T>(list: readonly T[]): T {
    return pick(list, this.#random);
  }

  /** Kinds of cells are equally likely; one whose values are used up is left alone. */
  #pickCell(): Cell {
    for (;;) {
      const cell = this.#pick(this.#pick(KINDS));
      if ((this.#written.get(cell) ?? 0) < cell.most) return cell;
    }
  }

  async #write(server: SharedServer, cell: Cell): Promise<void> {
    const { history, problems } = this.#world;
    const value = (this.#written.get(cell) ?? 0) + 1;
    this.#written.set(cell, value);
    const both = cell.quantity === 16 && this.#random(3) === 0;
    const start = performance.now();
    const reply = await this.#ask(server, both ? writeAndRead(cell, value) : cell.write(value));
    const end = reply === undefined ? Infinity : performance.now();
    history.push({ cell: cell.name, kind: 'write', value, server: server.name, start, end });
    if (!both || reply === undefined) return;
    const read = cell.decode(wordsOf(reply));
    if (read !== value) problems.push(`${cell.name}: a request wrote ${value} and read ${read} on ${server.name}`);
  }

  /** @returns the reply; undefined if there was none, or a refusal. */
  async #ask(server: SharedServer, pdu: Buffer): Promise<Buffer | undefined> {
    const start = performance.now();
    const reply = await this.#request(server, pdu);
    const took = performance.now() - start;
    const name = `function ${pdu[0]} on ${server.name}`;
    if (server.calmSince <= start && took > LONGEST) this.#world.problems.push(`${name} took ${Math.round(took)} ms`);
    if (reply === undefined) {
      this.#world.count('without reply');
      return undefined;
    }
    if (reply[0] === pdu[0]) {
      this.#world.count(pdu[0] < 5 ? 'reads' : 'writes');
      return reply;
    }
    this.#world.count('refused');
    if (!REFUSALS.includes(reply[1])) this.#world.problems.push(`${name} got exception ${reply[1]}`);
    return undefined;
  }

  async #request(server: SharedServer, pdu: Buffer): Promise<Buffer | undefined> {
    let timer: NodeJS.Timeout | undefined;
    let connection = this.#connections.get(server);
    try {
      connection ??= await MbapClient.connect({ host: '127.0.0.1', port: server.port });
      this.#connections.set(server, connection);
      timer = setTimeout(() => connection?.close(), PATIENCE);
      return Buffer.from(await connection.request(1, pdu));
    } catch {
      await connection?.close();
      this.#connections.delete(server);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
