import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Lets a server have only so many connections: at the limit, the one that has been idle for longest makes room. */
export function boundConnections(server: Server, most: number): void {
  const connections = new Connections(most);
  server.on('connection', (socket: Socket) => connections.add(socket));
  server.on('request', ({ socket }, response) => {
    connections.begin(socket);
    response.once('close', () => connections.end(socket));
  });
}

class Connections {
  readonly #most: number;
  /** With their requests in progress. Those that have been idle for longest come first. */
  readonly #requests = new Map<Socket, number>();

  constructor(most: number) {
    this.#most = most;
  }

  add(socket: Socket): void {
    if (this.#requests.size >= this.#most) this.#makeRoom();
    if (this.#requests.size >= this.#most) {
      socket.destroy();
      return;
    }
    this.#requests.set(socket, 0);
    socket.once('close', () => this.#requests.delete(socket));
  }

  begin(socket: Socket): void {
    const count = this.#requests.get(socket);
    if (count !== undefined) this.#requests.set(socket, count + 1);
  }

  end(socket: Socket): void {
    const count = this.#requests.get(socket);
    if (count === undefined) return;
    this.#requests.delete(socket);
    this.#requests.set(socket, count - 1);
  }

  #makeRoom(): void {
    for (const [socket, count] of this.#requests) {
      if (count > 0) continue;
      this.#requests.delete(socket);
      socket.destroy();
      return;
    }
  }
}
