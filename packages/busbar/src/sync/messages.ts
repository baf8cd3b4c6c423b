import type { MessagePort } from 'node:worker_threads';
import type { ServerCounters } from '../counters.js';
import type { Change, Circumstances } from '../data/change-event.js';
import type { UnitCounters } from '../data/diagnostics.js';
import type { SharedUnit, UnitCopies } from '../data/shared-unit.js';
import type { CoilWriteEvent, FileWriteEvent, RegisterWriteEvent } from '../data/unit.js';
import type { Peer } from '../peer.js';
import type { SerialServerOptions } from '../servers/serial.js';
import type { TcpServerOptions } from '../servers/tcp.js';
import type { TlsServerOptions } from '../servers/tls.js';
import type { UdpServerOptions } from '../servers/udp.js';

/** Words that the program's thread and a server's thread share. */
export const Word = {
  /** The number of messages that the server's thread has posted; the program's thread waits for it to change. */
  news: 0,
  /** 1 once the server's thread has ended. */
  ended: 1,
  queuedWrites: 2,
  droppedWrites: 3,
  queuedErrors: 4,
  droppedErrors: 5,
  /** 1 once the program of the server's thread runs. */
  begun: 6,
  /** 1 once another thread has asked the server to stop. */
  stopped: 7,
  queuedChanges: 8,
  droppedChanges: 9,
} as const;
export const WORDS = 10;

/** How long a server may take to stop: a bound for a server that hangs. */
export const STOP_PATIENCE_MS = 30_000;

/** How many writes, changes and errors are kept until the program takes them: so many of each. */
export const QUEUE_LIMIT = 1000;

/** Options with functions or the program's own objects: units are shared, functions come from a module. */
type Kept = 'units' | 'customFunctions' | 'handler' | 'authorize';

/** Which server to start, with the options that can be passed to a thread. */
export type ServerStart =
  | { readonly transport: 'tcp'; readonly options: Omit<TcpServerOptions, Kept> }
  | { readonly transport: 'tls'; readonly options: Omit<TlsServerOptions, Kept> }
  | { readonly transport: 'udp'; readonly options: Omit<UdpServerOptions, Kept> }
  | { readonly transport: 'serial'; readonly options: Omit<SerialServerOptions, Kept> };

/** The URLs of the code that a server's thread runs. */
export interface ThreadCode {
  /** The program of the thread. */
  readonly file: string;
  /** The module with the functions, which cannot be passed to a thread. */
  readonly module: string | undefined;
}

/** The start data of the server's thread. */
export interface ThreadStart extends ThreadCode {
  readonly words: Int32Array;
  /** Name of the broadcast channel over which other threads ask it to stop. */
  readonly channel: string;
  readonly port: MessagePort;
  readonly server: ServerStart;
  readonly units: readonly SharedUnit[];
}

/** A request from the program's thread to the server's. */
export type Request =
  | { readonly kind: 'ping' | 'peers' | 'counters' | 'listenOnly' | 'stop' }
  | { readonly kind: 'disconnect'; readonly peers: readonly number[]; readonly reason: string | undefined }
  | { readonly kind: 'unitCounters'; readonly unit: number }
  | { readonly kind: 'endListenOnly'; readonly unit: number | undefined }
  | { readonly kind: 'update'; readonly unit: number; readonly copies: UnitCopies };

/** A client, and its number in the server's thread. */
export interface NumberedPeer {
  readonly number: number;
  readonly peer: Peer;
}

/** The replies to these requests. */
export interface Replies {
  readonly ping: undefined;
  readonly peers: NumberedPeer[];
  readonly disconnect: number;
  readonly counters: ServerCounters;
  /** Ids of units. */
  readonly listenOnly: readonly number[];
  readonly endListenOnly: undefined;
  readonly stop: ServerCounters;
  readonly unitCounters: UnitCounters;
  readonly update: undefined;
}

export interface Call {
  readonly id: number;
  readonly request: Request;
}

/** An error on its way between threads. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly cause: ErrorData | string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An event with the unit's id in place of the unit. */
type OfUnitId<Event> = Omit<Event, 'unit'> & { readonly unit: number };

/** A client's write on its way between threads. */
export type WriteData =
  | OfUnitId<CoilWriteEvent>
  | OfUnitId<RegisterWriteEvent>
  | OfUnitId<FileWriteEvent & { readonly table: 'files' }>;

/** A change in the server's thread on its way to the program's. */
export interface ChangeData {
  /** The unit's id. */
  readonly unit: number;
  readonly change: Change & Circumstances;
}

/** A message from the server's thread. */
export type Message =
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorData }
  | { readonly kind: 'write'; readonly write: WriteData }
  | ({ readonly kind: 'change' } & ChangeData)
  | { readonly kind: 'error'; readonly error: ErrorData }
  | { readonly kind: 'unusable'; readonly problem: string }
  | { readonly kind: 'crash'; readonly error: ErrorData }
  | { readonly kind: 'last'; readonly counters: ServerCounters };
