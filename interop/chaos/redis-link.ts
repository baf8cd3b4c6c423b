import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Between a server and its Redis: a link that can be slow, hang, break, or lead elsewhere. */
export class RedisLink {
  /** Where new connections lead. */
  target: number;
  /** How long each chunk takes, in each direction, in ms; Infinity: it hangs, until there is another delay. */
  delay = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: number) {
    this.target = target;
    this.#server = createServer((socket) => this.#join(socket));
  }

  /** @param target a port of this machine. */
  static async open(target: number): Promise<RedisLink> {
    const link = new RedisLink(target);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the link is closed');
    return address.port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Breaks all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    client.setNoDelay(true);
    this.#carry(client, server);
    this.#carry(server, client);
  }

  /** Carries what one socket says to the other, in order; both end together. */
  #carry(from: Socket, to: Socket): void {
    const waiting: { readonly chunk: Buffer; readonly since: number }[] = [];
    let timer: NodeJS.Timeout | undefined;
    const pass = () => {
      timer = undefined;
      while (waiting.length > 0 && performance.now() - waiting[0].since >= this.delay) to.write(waiting.shift()!.chunk);
      if (waiting.length > 0) timer = setTimeout(pass, 2);
    };
    this.#sockets.add(from);
    from.on('data', (chunk) => {
      waiting.push({ chunk, since: performance.now() });
      if (timer === undefined) pass();
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      clearTimeout(timer);
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
