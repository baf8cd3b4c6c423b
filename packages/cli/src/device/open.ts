import { ListenError } from 'busbar';
import type { BoundServer } from '../listeners/server.js';

/** A listener cannot be opened, such as on a port in use. */
export class OpenError extends Error {
  override name = 'OpenError';
  /** Name of the listener. */
  readonly listener: string;
  /** As that of a `ListenError`: `EADDRINUSE`, `EACCES` … */
  readonly code: string;

  constructor(listener: string, { message, code }: ListenError) {
    super(message);
    this.listener = listener;
    this.code = code;
  }
}

/** @throws OpenError */
export async function open({ name, server }: BoundServer): Promise<void> {
  try {
    await server.listen();
  } catch (error) {
    throw error instanceof ListenError ? new OpenError(name, error) : error;
  }
}
