import type { LineCounters } from '../counters.js';
import { MAX_EVENTS } from '../protocol/limits.js';

/** Bits of event log bytes (AP, clause 6.10). */
const ReceiveEvent = {
  base: 0x80,
  communicationError: 0x02,
  overrun: 0x10,
  listenOnly: 0x20,
  broadcast: 0x40,
} as const;
const SendEvent = { base: 0x40, listenOnly: 0x20 } as const;
const ENTERED_LISTEN_ONLY = 0x04;
const RESTARTED = 0x00;

/** The diagnostic counters of a unit (AP, clause 6.8); they wrap at 65536 when a client reads them, not here. */
export interface UnitCounters {
  /** Intact frames that its servers received, for any unit (08/0B). */
  busMessages: number;
  /** Frames that were not intact (08/0C). */
  busCommunicationErrors: number;
  /** Exception replies (08/0D). */
  exceptions: number;
  /** Messages addressed to this unit, or broadcast (08/0E). */
  messages: number;
  /** Messages without a reply (08/0F). */
  noResponses: number;
  /** Exception replies with code 07 (08/10). */
  negativeAcknowledges: number;
  /** Exception replies with code 06 (08/11). */
  busyReplies: number;
  /** Character overruns of its line, if the port reports them (08/12). */
  characterOverruns: number;
  /** Requests completed without an exception, except polls of the counter itself (0B). */
  events: number;
}

export function noCounters(): UnitCounters {
  return {
    busMessages: 0,
    busCommunicationErrors: 0,
    exceptions: 0,
    messages: 0,
    noResponses: 0,
    negativeAcknowledges: 0,
    busyReplies: 0,
    characterOverruns: 0,
    events: 0,
  };
}

/** Counters, event log and listen-only mode of one unit on one server. */
export class Diagnostics {
  /** Only 08/01 is carried out. */
  listenOnly = false;
  #counters = noCounters();
  /** What the line had counted when this unit's counters were last cleared. */
  #busMessagesBefore: number;
  #busErrorsBefore: number;
  #cleared = false;
  readonly #line: LineCounters;
  readonly #events = new Uint8Array(MAX_EVENTS);
  #newest = 0;
  #eventCount = 0;

  constructor(line: LineCounters) {
    this.#line = line;
    this.#busMessagesBefore = line.messages;
    this.#busErrorsBefore = line.communicationErrors;
  }

  get counters(): UnitCounters {
    return {
      ...this.#counters,
      busMessages: this.#line.messages - this.#busMessagesBefore,
      busCommunicationErrors: this.#line.communicationErrors - this.#busErrorsBefore,
    };
  }

  /** A request for this unit has come. Called before it is carried out (AP, clause 6.10). */
  received(broadcast: boolean): void {
    this.#counters.messages++;
    const mode = this.listenOnly ? ReceiveEvent.listenOnly : 0;
    this.#log(ReceiveEvent.base | mode | (broadcast ? ReceiveEvent.broadcast : 0));
  }

  /** The line carried a damaged frame. */
  communicationError(): void {
    this.#log(ReceiveEvent.base | ReceiveEvent.communicationError | (this.listenOnly ? ReceiveEvent.listenOnly : 0));
  }

  /** The port has lost characters (AP, 08/12 and clause 6.10). */
  overrun(count: number): void {
    this.#counters.characterOverruns += count;
    this.#log(ReceiveEvent.base | ReceiveEvent.overrun | (this.listenOnly ? ReceiveEvent.listenOnly : 0));
  }

  /** A broadcast did not concern the unit, or the reply came too late to be sent. */
  unanswered(): void {
    this.#counters.noResponses++;
  }

  /** The request was carried out. `exceptionCode` is 0 on success. */
  completed(exceptionCode: number, replied: boolean, counts: boolean): void {
    // The request that clears the counters leaves them at zero.
    if (!replied && !this.#cleared) this.#counters.noResponses++;
    if (exceptionCode !== 0) this.#refused(exceptionCode, replied);
    else if (counts && !this.#cleared && !this.listenOnly) this.#counters.events++;
    this.#cleared = false;
    const bits = exceptionCode === 0 ? 0 : exceptionBits(exceptionCode);
    this.#log(SendEvent.base | (this.listenOnly ? SendEvent.listenOnly : 0) | bits);
  }

  #refused(exceptionCode: number, replied: boolean): void {
    if (!replied) return;
    this.#counters.exceptions++;
    if (exceptionCode === 0x07) this.#counters.negativeAcknowledges++;
    if (exceptionCode === 0x06) this.#counters.busyReplies++;
  }

  /** 08/04. */
  enterListenOnly(): void {
    this.listenOnly = true;
    this.#log(ENTERED_LISTEN_ONLY);
  }

  /** 08/01: clears the counters, on request also the event log, and ends listen-only mode. */
  restart(clearLog: boolean): void {
    this.clear();
    this.listenOnly = false;
    if (clearLog) this.#eventCount = 0;
    this.#log(RESTARTED);
  }

  /** 08/0A. */
  clear(): void {
    this.#counters = noCounters();
    this.#busMessagesBefore = this.#line.messages;
    this.#busErrorsBefore = this.#line.communicationErrors;
    this.#cleared = true;
  }

  /** 08/14. */
  clearOverruns(): void {
    this.#counters.characterOverruns = 0;
  }

  /** Puts the events at `target[at]`, newest first. @returns how many. */
  readEvents(target: Uint8Array, at: number): number {
    for (let i = 0; i < this.#eventCount; i++) {
      target[at + i] = this.#events[(this.#newest - i + MAX_EVENTS) % MAX_EVENTS];
    }
    return this.#eventCount;
  }

  #log(event: number): void {
    this.#newest = (this.#newest + 1) % MAX_EVENTS;
    this.#events[this.#newest] = event;
    if (this.#eventCount < MAX_EVENTS) this.#eventCount++;
  }
}

function exceptionBits(code: number): number {
  if (code <= 3) return 0x01;
  if (code === 4) return 0x02;
  if (code <= 6) return 0x04;
  return code === 7 ? 0x08 : 0;
}
