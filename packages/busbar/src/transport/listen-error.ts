import { isOneOf, LISTEN_ERROR_CODES, type ListenErrorCode } from '../error-codes.js';
import { ListenError } from '../errors.js';

/** What to do, by the system's code. */
export type Advice = Readonly<Partial<Record<ListenErrorCode, string>>>;

const PORT_ADVICE: Advice = {
  EADDRINUSE: 'the port is in use; stop the program that has it, or choose another port',
  EACCES: 'not permitted; ports below 1024 need privileges, so choose a higher port or grant them',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now; check the network, or use an address',
};

/** An error that says where a server could not listen, why, and what to do. */
export function listenError(error: unknown, where: string, advice: Advice = PORT_ADVICE): ListenError {
  if (error instanceof ListenError) return error;
  const { code: found, message = String(error) } = error as { code?: unknown; message?: string };
  const code = isOneOf(LISTEN_ERROR_CODES, found) ? found : 'LISTEN_FAILED';
  return new ListenError(code, `cannot listen on ${where}: ${advice[code] ?? message} (${code})`, { cause: error });
}
