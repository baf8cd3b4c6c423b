import type { SharingError } from '../errors.js';
import type { Connection } from './connection.js';
import type { CheckedSharingOptions } from './options.js';
import type { Replicas } from './replicas.js';

/** What the units of an image need of it. */
export interface Host {
  readonly options: CheckedSharingOptions;
  readonly connection: Connection;
  readonly replicas: Replicas;
  /** Of this server: no other has it. */
  readonly server: string;
  /** Why Redis cannot be used now; undefined if it can. */
  readonly awayError: SharingError | undefined;
  /** An id for an entry or an image. No other has it. */
  newId(): string;
  /** Redis has answered, and the unit has what it has. */
  answered(): void;
  /** It has not, or cannot be used. */
  away(cause: Error): void;
  /** Redis answers, but takes no writes. */
  failed(cause: Error): void;
  recovered(): void;
  tell(event: string, details: object): void;
}
