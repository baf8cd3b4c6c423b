import { isOneOf, LISTEN_ERROR_CODES, type ListenErrorCode } from '../error-codes.js';
import { ListenError } from '../errors.js';

/** What to do, by the system's code. */
export type Advice = Readonly<Partial<Record<ListenErrorCode, string>>>;

/** An error that says where a server could not listen, why, and what to do. */
export function listenError(error: unknown, where: string, advice: Advice): ListenError {
  if (error instanceof ListenError) return error;
  const { code: found, message = String(error) } = error as { code?: unknown; message?: string };
  const code = isOneOf(LISTEN_ERROR_CODES, found) ? found : 'LISTEN_FAILED';
  return new ListenError(code, `cannot listen on ${where}: ${advice[code] ?? message} (${code})`, { cause: error });
}
