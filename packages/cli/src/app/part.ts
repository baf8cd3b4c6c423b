import type { LogEvent } from '../log/event.js';

/** A piece of the running command. It writes to the log itself. */
export interface Part {
  /** @throws PartError; then nothing of the part is left running. */
  start(): Promise<void>;
  /** @throws PartError if it has not ended as it should. */
  stop(): Promise<void>;
  /** Reads its configuration again, when SIGHUP asks for it. Without any part that can, SIGHUP stops the command. */
  readonly reload?: (() => Promise<void>) | undefined;
  /** Resolves when the part has failed for good; then the command ends. */
  readonly failed?: Promise<void>;
}

/** A part cannot start, so the command ends, or it has not ended as it should; `event` says why. */
export class PartError extends Error {
  override name = 'PartError';
  readonly event: LogEvent;

  constructor(event: LogEvent) {
    super(event.text);
    this.event = event;
  }
}
