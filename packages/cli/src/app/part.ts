import type { LogEvent } from '../log/logger.js';

/** A piece of what runs. It says itself in the log what becomes of it. */
export interface Part {
  /** @throws StartError after which nothing of it is left running. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the part has failed for good, and the command is to end. */
  readonly failed?: Promise<void>;
}

/** A part cannot start, so the command ends; `event` says why. */
export class StartError extends Error {
  override name = 'StartError';
  readonly event: LogEvent;

  constructor(event: LogEvent) {
    super(event.text);
    this.event = event;
  }
}
