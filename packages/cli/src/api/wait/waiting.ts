import { parseDuration } from 'busbar-simulator';
import type { Device } from '../../device/device.js';
import type { Wait, Waited } from '../contract.js';
import { ApiProblem } from '../problem.js';
import { type Condition, conditionOf } from './condition.js';
import { type Target, targetOf } from './target.js';

const USUAL_TIMEOUT = '5s';
/** Five minutes, in milliseconds. */
const LONGEST = 300_000;

/**
 * Waits until something happens. When a reload replaces the unit, it goes on with the new one.
 * @throws ApiProblem 408 if it does not happen in time; 404 and 422 if it never can. OptionsError for a wrong timeout.
 */
export async function waitFor(device: Device, wait: Wait, signal: AbortSignal): Promise<Waited> {
  const { timeout = USUAL_TIMEOUT } = wait;
  const milliseconds = Math.ceil(parseDuration(timeout, ['timeout']));
  if (milliseconds > LONGEST) throw new ApiProblem(422, `timeout: expected at most 5m, found ${timeout}`);
  const over = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
  const done = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const waiter = new Waiter(device, wait, { resolve, reject });
      done.signal.addEventListener('abort', () => waiter.end());
      over.addEventListener('abort', () => waiter.giveUp(timeout), { signal: done.signal });
    });
  } finally {
    done.abort();
  }
}

interface Outcome {
  resolve(waited: Waited): void;
  reject(problem: unknown): void;
}

class Waiter {
  readonly #device: Device;
  readonly #wait: Wait;
  readonly #outcome: Outcome;
  readonly #start = performance.now();
  #target: Target;
  #condition: Condition;
  #deafen: () => void = () => undefined;

  /** @throws ApiProblem */
  constructor(device: Device, wait: Wait, outcome: Outcome) {
    this.#device = device;
    this.#wait = wait;
    this.#outcome = outcome;
    this.#target = targetOf(device, wait);
    this.#condition = conditionOf(wait.until, this.#target);
    this.#hear();
    device.on('reloaded', this.#reloaded);
  }

  end(): void {
    this.#deafen();
    this.#device.off('reloaded', this.#reloaded);
  }

  giveUp(timeout: string): void {
    const { name, read } = this.#target;
    const { value, text = JSON.stringify(value) } = read();
    const detail = `${name} was not ${this.#condition.words} within ${timeout}; it is ${text}`;
    this.#outcome.reject(new ApiProblem(408, detail));
  }

  readonly #reloaded = (): void => {
    this.#deafen();
    try {
      this.#target = targetOf(this.#device, this.#wait);
      this.#condition = conditionOf(this.#wait.until, this.#target);
      this.#hear();
    } catch (problem) {
      this.#outcome.reject(problem);
    }
  };

  #hear(): void {
    this.#deafen = this.#target.hear((news) => {
      if (this.#condition.isMet(news, this.#target.read().value)) this.#happened(news.by);
    });
    if (this.#condition.holds(this.#target.read().value)) this.#happened(null);
  }

  #happened(by: string | null): void {
    const took = Math.round(performance.now() - this.#start);
    this.#outcome.resolve({ ...this.#target.place, ...this.#target.read(), by, time: Date.now(), took });
  }
}
