import type { FrameReader } from '../framing/framing.js';
import type { ModbusFunction, Transaction } from '../functions/transaction.js';
import type { Asker } from './replies.js';
import type { HandledRequest } from './request-handler.js';
import type { ServedUnit } from './served-unit.js';

/** A request that may outlive the call that brought it. */
export interface Call {
  readonly transaction: Transaction;
  readonly served: ServedUnit;
  readonly run: ModbusFunction | undefined;
  readonly asker: Asker;
  /** Nobody is answered. */
  readonly broadcast: boolean;
  /** The request as hooks see it, if they have to do with it. */
  readonly hooked?: HandledRequest | undefined;
  /** The request that a hook has this one carried out for. */
  readonly outer?: Transaction;
}

/** The same while the frame that brought it is still there. */
export interface ComingCall extends Omit<Call, 'transaction' | 'broadcast' | 'outer'> {
  readonly frame: FrameReader;
  readonly broadcast?: boolean;
}
