import type { ListenErrorCode } from '../../error-codes.js';

/** A task for a port that another process has opened. */
export type PortTask =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | { readonly kind: 'drain' | 'close' }
  | { readonly kind: 'set'; readonly flags: { readonly rts: boolean } };

export type ToPort =
  | { readonly kind: 'task'; readonly id: number; readonly task: PortTask }
  | { readonly kind: 'pause' | 'resume' };

export type FromPort =
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'failed';
      readonly code: ListenErrorCode;
      readonly message: string;
      readonly cause: string | undefined;
    }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'overrun'; readonly count: number }
  | { readonly kind: 'done'; readonly id: number; readonly error: string | undefined }
  | { readonly kind: 'closed'; readonly error: string | undefined };
