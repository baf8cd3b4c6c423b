import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets a server have only so many connections. At the limit, the one that has been idle for longest makes room; if none
 * is idle, the one of which a request has been awaited for longest.
 */
export function boundConnections(server: Server, most: number): void {
  const connections = new Connections(most);
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.on('request', (request, response) => {
    connections.begin(request);
    response.once('close', () => connections.end(request));
  });
}

class Connections {
  readonly #most: number;
  /** With their requests that have no answer yet. Those that have had none for longest come first. */
  readonly #requests = new Map<Socket, Set<IncomingMessage>>();

  constructor(most: number) {
    this.#most = most;
  }

  add(socket: Socket): void {
    if (this.#requests.size >= this.#most) this.#makeRoom();
    if (this.#requests.size >= this.#most) {
      socket.destroy();
      return;
    }
    this.#requests.set(socket, new Set());
    socket.once('close', () => this.#requests.delete(socket));
  }

  begin(request: IncomingMessage): void {
    this.#requests.get(request.socket)?.add(request);
  }

  end(request: IncomingMessage): void {
    const { socket } = request;
    const requests = this.#requests.get(socket);
    if (requests === undefined) return;
    requests.delete(request);
    this.#requests.delete(socket);
    this.#requests.set(socket, requests);
  }

  #makeRoom(): void {
    const all = [...this.#requests];
    const found =
      all.find(([, requests]) => requests.size === 0) ??
      all.find(([, requests]) => [...requests].every(({ complete }) => !complete));
    if (found === undefined) return;
    const [socket] = found;
    this.#requests.delete(socket);
    socket.destroy();
  }
}
