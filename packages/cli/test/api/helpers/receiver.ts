import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { EventData, EventType } from '../../../src/api/contract.js';

/** What a webhook sends. */
export interface Received<T extends EventType = EventType> {
  readonly id: number;
  readonly type: T;
  readonly lost: number;
  readonly data: EventData<T>;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A receiver of webhooks that answers as the test says, until its end. */
export class Receiver {
  readonly requests: IncomingMessage[] = [];
  readonly #received: Received[] = [];
  readonly #answer: Answer;
  readonly #server = createServer((request, response) => void this.#take(request, response));
  #wake = (): void => undefined;

  private constructor(answer: Answer) {
    this.#answer = answer;
  }

  static async start(answer: Answer = (response) => response.end('ok'), port = 0): Promise<Receiver> {
    const receiver = new Receiver(answer);
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => receiver.stop());
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?key=secret`;
  }

  /** The next event that has arrived, whatever it was answered. */
  async next(): Promise<Received> {
    for (;;) {
      const first = this.#received.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    this.requests.push(request);
    this.#received.push(JSON.parse(text));
    this.#answer(response, request);
    this.#wake();
  }
}
