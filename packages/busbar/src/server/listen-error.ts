import { ListenError } from '../errors.js';

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; stop the program that has it, or choose another port',
  EACCES: 'not permitted; ports below 1024 need privileges, so choose a higher port or grant them',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
};

function adviceFor(code: string, where: string): string | undefined {
  if (code === 'EADDRINUSE' && where.includes('/'))
    return 'another server has this socket, or its file is a leftover: remove it';
  return ADVICE[code];
}

/** Says where a server could not listen, why, and what to do. */
export function listenError(error: unknown, where: string): ListenError {
  if (error instanceof ListenError) return error;
  const { code = 'LISTEN_FAILED', message = String(error) } = error as { code?: string; message?: string };
  return new ListenError(code, `can not listen on ${where}: ${adviceFor(code, where) ?? message} (${code})`, {
    cause: error,
  });
}
