import { ListenError } from '../errors.js';

/** What to do, by the system's code. */
export type Advice = Readonly<Record<string, string>>;

const PORT_ADVICE: Advice = {
  EADDRINUSE: 'the port is in use; stop the program that has it, or choose another port',
  EACCES: 'not permitted; ports below 1024 need privileges, so choose a higher port or grant them',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now; check the network, or write an address',
};

/** Says where a server could not listen, why, and what to do. */
export function listenError(error: unknown, where: string, advice: Advice = PORT_ADVICE): ListenError {
  if (error instanceof ListenError) return error;
  const { code = 'LISTEN_FAILED', message = String(error) } = error as { code?: string; message?: string };
  return new ListenError(code, `cannot listen on ${where}: ${advice[code] ?? message} (${code})`, { cause: error });
}
