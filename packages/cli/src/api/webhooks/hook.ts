import { setTimeout as pause } from 'node:timers/promises';
import type { Webhook } from '../../config/schema-webhooks.js';
import { amount } from '../../ground/amount.js';
import type { Logger } from '../../log/logger.js';
import type { EventType } from '../contract.js';
import { type Failure, post } from './post.js';
import { Queue } from './queue.js';

/** How patient a webhook is; in milliseconds. */
export interface Patience {
  /** For an answer. */
  readonly timeout: number;
  /** Until the next attempt. @param failures in a row, from 1. */
  pause(failures: number): number;
}

const LONGEST_PAUSE = 60_000;

/** A second, then twice as long each time, up to a minute. */
export const PATIENCE: Patience = {
  timeout: 10_000,
  pause: (failures) => Math.min(1000 * 2 ** (failures - 1), LONGEST_PAUSE),
};

const MOST_WAITING = 1000;
const MOST_BYTES = 4 * 2 ** 20;

/** An event to be told. */
interface Parcel {
  readonly id: number;
  readonly type: EventType;
  /** The data. */
  readonly json: string;
}

/** Tells an address of events, one after the other. While that fails, events wait, and the oldest may be lost. */
export class Hook {
  readonly options: Webhook;
  readonly #log: Logger;
  readonly #patience: Patience;
  readonly #queue = new Queue<Parcel>(MOST_WAITING, MOST_BYTES);
  readonly #end = new AbortController();
  /** Without what may be secret in it. */
  readonly #name: string;
  #busy = false;
  /** In a row. */
  #failures = 0;

  constructor(options: Webhook, log: Logger, patience: Patience) {
    this.options = options;
    this.#log = log;
    this.#patience = patience;
    const { origin, pathname } = new URL(options.url);
    this.#name = `webhook ${origin}${pathname}`;
    const types = Array.isArray(options.on) ? options.on.join(', ') : options.on;
    log.log('info', { event: 'webhook', text: `${this.#name} is told of: ${types}` });
  }

  tell(parcel: Parcel): void {
    this.#queue.push(parcel);
    if (!this.#busy) void this.#work();
  }

  /** What has not been told is lost. */
  end(): void {
    const left = this.#queue.length + (this.#busy ? 1 : 0);
    this.#end.abort();
    if (left > 0) this.#say('webhookEnded', `${amount(left, 'event')} not told at the end`, { lost: left });
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let next = this.#next(); next !== undefined; next = this.#next()) await this.#deliver(next);
    this.#busy = false;
  }

  #next(): Parcel | undefined {
    return this.#end.signal.aborted ? undefined : this.#queue.shift();
  }

  async #deliver({ id, type, json }: Parcel): Promise<void> {
    const lost = this.#queue.takeLost();
    const body = `{"id":${id},"type":"${type}","lost":${lost},"data":${json}}`;
    while (!this.#end.signal.aborted) {
      const failure = await this.#attempt(body);
      if (failure === undefined) return this.#succeeded();
      if (failure.isFinal) return this.#refused(failure, type);
      await this.#failed(failure);
    }
  }

  #attempt(body: string): Promise<Failure | undefined> {
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(this.#patience.timeout)]);
    return post(this.options, body, signal);
  }

  #succeeded(): void {
    if (this.#failures === 0) return;
    const { lost, length: waiting } = this.#queue;
    const text = `answers again; ${amount(waiting, 'event')} waiting, ${lost} lost`;
    this.#log.log('info', { event: 'webhookBack', text: `${this.#name} ${text}`, waiting, lost });
    this.#failures = 0;
  }

  #refused({ reason }: Failure, type: EventType): void {
    this.#failures = 0;
    this.#say('webhookRefused', `refuses an event (${type}): ${reason}; it is not told again`, { reason });
  }

  /** Says it once, and waits. */
  async #failed({ reason }: Failure): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#failures++;
    if (this.#failures === 1)
      this.#say('webhookFailed', `fails: ${reason}; trying again after growing pauses`, { reason });
    const time = this.#patience.pause(this.#failures);
    await pause(time, undefined, { signal: this.#end.signal, ref: false }).catch(() => undefined);
  }

  #say(event: string, text: string, facts: Record<string, unknown>): void {
    this.#log.log('warn', { event, text: `${this.#name} ${text}`, ...facts });
  }
}
