import { asError, ConnectionError, HandlerError } from '../errors.js';
import type { Peer } from '../peer.js';
import { after } from '../promise.js';
import type { ServerCore } from './core.js';
import { filterBytes, type RequestHandler } from './request-handler.js';

type Hooks = RequestHandler | undefined;

/** A connection, or a socket of many peers: nothing that comes over it is looked at before its request handler is there. */
export interface Applicant {
  readonly peer: Peer;
  /** Neither admitted nor gone. */
  readonly waiting: boolean;
  /** Why the server closed it, if it did. */
  readonly closeReason: ConnectionError | undefined;
  admit(hooks: Hooks): void;
  refuse(reason: ConnectionError): void;
}

/** Makes the applicant's hooks by the server's option `handler`, and tells them of it. If any of that fails, the applicant is refused. */
export function admit(core: ServerCore, applicant: Applicant): void {
  try {
    const hooks = introduce(core, applicant.peer);
    if (hooks instanceof Promise) void admitLater(core, applicant, hooks);
    else applicant.admit(hooks);
  } catch (thrown) {
    refuse(core, applicant, thrown);
  }
}

function introduce({ settings }: ServerCore, peer: Peer): Hooks | Promise<Hooks> {
  return after(settings.createHandler?.(peer), (hooks) => after(hooks?.connected?.(peer), () => hooks));
}

async function admitLater(core: ServerCore, applicant: Applicant, introduced: Promise<Hooks>): Promise<void> {
  const { handlerTimeout } = core.settings;
  const late = () => refuse(core, applicant, lateError(handlerTimeout));
  const timer = handlerTimeout === 0 ? undefined : setTimeout(late, handlerTimeout);
  try {
    const hooks = await introduced;
    if (applicant.waiting) applicant.admit(hooks);
    else core.runHook(() => hooks?.disconnected?.(applicant.peer, applicant.closeReason));
  } catch (thrown) {
    refuse(core, applicant, thrown);
  } finally {
    clearTimeout(timer);
  }
}

function lateError(handlerTimeout: number): HandlerError {
  return new HandlerError('HANDLER_TIMEOUT', `it was not there within ${handlerTimeout} ms`, {});
}

function refuse(core: ServerCore, applicant: Applicant, thrown: unknown): void {
  const reason = refusal(core, thrown);
  if (applicant.waiting) applicant.refuse(reason);
}

/** What a hook lets pass of bytes that have come, or why it lets nothing pass. */
export function filter(
  core: ServerCore,
  hooks: Hooks,
  hook: 'data' | 'datagram',
  bytes: Uint8Array,
  peer: Peer,
): Uint8Array | ConnectionError {
  try {
    return filterBytes(hooks, hook, bytes, peer);
  } catch (thrown) {
    return refusal(core, thrown);
  }
}

/** Why nothing may pass after a hook has thrown: it refuses, or it has failed, which is reported. */
function refusal(core: ServerCore, thrown: unknown): ConnectionError {
  const error = asError(thrown);
  if (error instanceof ConnectionError) return error;
  const code = error instanceof HandlerError ? error.code : 'HANDLER_FAILED';
  const message = `the request handler failed: ${error.message}`;
  core.dispatcher.report(new HandlerError(code, message, {}, { cause: error }));
  return new ConnectionError(code, message, { cause: error });
}
