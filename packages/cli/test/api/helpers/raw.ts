import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A client that sends what it likes, until the end of the test. */
export class RawClient {
  readonly socket: Socket;
  readonly ended: Promise<string>;
  #received = '';
  #look: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => {
      this.#received += text;
      this.#look();
    });
    this.socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.socket.on('close', () => resolve(this.#received)));
    onTestFinished(() => void this.socket.destroy());
  }

  send(text: string): this {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** All that has come once it has this text, or once the server has closed. */
  async until(text: string): Promise<string> {
    const found = new Promise<string>((resolve) => {
      this.#look = () => {
        if (this.#received.includes(text)) resolve(this.#received);
      };
      this.#look();
    });
    return await Promise.race([found, this.ended]);
  }
}

/** The first line of an answer. */
export function statusOf(answer: string): string {
  return answer.split('\r\n', 1)[0];
}

/** The headers that each request needs. */
export const HOST = 'Host: 127.0.0.1\r\n';

/** Ends the headers of the last request. */
export const CLOSE = 'Connection: close\r\n\r\n';

/** Sends a whole request, and returns all of the answer. */
export async function answerTo(port: number, text: string): Promise<string> {
  return await new RawClient(port).send(text).ended;
}
