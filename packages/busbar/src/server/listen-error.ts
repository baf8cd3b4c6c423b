import { ListenError } from '../errors.js';

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE:
    'the port is in use; stop the program that has it, or choose another port (a socket file may be a leftover: remove it)',
  EACCES: 'not permitted; ports below 1024 need privileges, so choose a higher port or grant them',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
};

/** Says where a server could not listen, why, and what to do. */
export function listenError(error: unknown, where: string): ListenError {
  if (error instanceof ListenError) return error;
  const { code = 'LISTEN_FAILED', message = String(error) } = error as { code?: string; message?: string };
  return new ListenError(code, `can not listen on ${where}: ${ADVICE[code] ?? message} (${code})`, { cause: error });
}
