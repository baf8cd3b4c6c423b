import type { Webhook } from '../../config/schema-webhooks.js';
import { version } from '../../ground/version.js';

/** Why something was not delivered. */
export interface Failure {
  readonly reason: string;
  /** Trying again would not help. */
  readonly isFinal: boolean;
}

/** What a receiver may say for a while. */
const PASSING = [408, 425, 429];

/** Sends a body. @param signal ends the attempt. @returns why it has failed; undefined if it has not. */
export async function post({ url, headers }: Webhook, body: string, signal: AbortSignal): Promise<Failure | undefined> {
  try {
    const about = { 'User-Agent': `busbar/${version()}`, ...headers, 'Content-Type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers: about, body, redirect: 'manual', signal });
    await response.body?.cancel();
    return failureOf(response);
  } catch (error) {
    return { reason: reasonOf(error), isFinal: false };
  }
}

function failureOf({ ok, status, statusText, headers }: Response): Failure | undefined {
  if (ok) return undefined;
  const location = headers.get('Location');
  const where = location === null ? '' : `, to ${location}`;
  return { reason: `${status} ${statusText}${where}`, isFinal: status < 500 && !PASSING.includes(status) };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
