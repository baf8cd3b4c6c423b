import type { LogEvent } from '../log/logger.js';

/** A piece of the running command. It writes to the log itself. */
export interface Part {
  /** @throws StartError; then nothing of the part is left running. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads its configuration again, when SIGHUP asks for it. Without any part that can, SIGHUP stops the command. */
  readonly reload?: (() => Promise<void>) | undefined;
  /** Resolves when the part has failed for good; then the command ends. */
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
