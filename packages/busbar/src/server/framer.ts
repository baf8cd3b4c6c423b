import { types } from 'node:util';
import { type Checks, checkOptions, integer, optional, type Path, show } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import { NOT_SEALED } from '../framing/guarded.js';
import type { Faults } from './faults.js';
import type { Settings } from './options.js';
import type { Recipient } from './recipient.js';
import type { HandledRequest } from './request-handler.js';
import { replyChannel, type Traced, type TraceMessage, takeTraced } from './trace.js';
import { type FrameChanges, type FramedReply, HookedWire } from './wire.js';

/** A reply, before it is in a frame. */
export interface UnframedReply {
  /** Who owes it. */
  readonly debt: Traced;
  readonly transactionId: number;
  readonly unitId: number;
  readonly asciiDelimiter: number;
  readonly pdu: Uint8Array;
}

/** Has the hook `frame` put replies on the wire. */
export class Framer {
  readonly #server: object;
  readonly #framing: Framing;
  readonly #settings: Settings;
  readonly #faults: Faults;
  readonly #maxAdu: number;

  /** @param server for traces: the object that the program made. */
  constructor(server: object, framing: Framing, settings: Settings, faults: Faults) {
    this.#server = server;
    this.#framing = framing;
    this.#settings = settings;
    this.#faults = faults;
    this.#maxAdu = framing.maxLength(settings.maxPduLength);
  }

  /** Resolves, and never rejects, when the hook is done with the reply, has failed, or is late. */
  async run(to: Recipient, request: HandledRequest, reply: UnframedReply): Promise<void> {
    const { handlerTimeout, maxPduLength } = this.#settings;
    const { hooks, outlet } = to;
    const framed = new HookedReply(this.#framing, reply, to, { maxPdu: maxPduLength, maxAdu: this.#maxAdu });
    const wire = new HookedWire(outlet, handlerTimeout, (bytes) => this.#trace(to, framed, bytes));
    outlet.wire = wire;
    try {
      await Promise.race([wire.ended, hooks?.frame?.(framed, request, wire)]);
      if (wire.state === 'late') this.#faults.frameLate(request);
    } catch (thrown) {
      this.#faults.frameFailed(thrown, request);
    } finally {
      wire.finish('done');
      outlet.wire = undefined;
    }
  }

  /** With the bytes themselves, unless they are the frame that the server would have sent. */
  #trace({ peer }: Recipient, reply: HookedReply, bytes: Uint8Array): void {
    const { framing, transactionId, unitId, request } = reply;
    if (!replyChannel.hasSubscribers) return;
    const pdu = Uint8Array.from(reply.pdu);
    const sent = reply.isFrame(bytes) ? undefined : Uint8Array.from(bytes);
    const message: TraceMessage = { server: this.#server, peer, framing, transactionId, unitId, pdu, request, sent };
    replyChannel.publish(message);
  }
}

/** Bytes of the longest PDU and frame. */
interface Longest {
  readonly maxPdu: number;
  readonly maxAdu: number;
}

/** A reply as the hook gets it. */
class HookedReply implements FramedReply {
  readonly framing: string;
  readonly transactionId: number;
  readonly unitId: number;
  readonly pdu: Uint8Array;
  readonly #framing: Framing;
  readonly #unframed: UnframedReply;
  #request: TraceMessage | undefined;
  readonly #to: Recipient;
  readonly #longest: Longest;

  constructor(framing: Framing, reply: UnframedReply, to: Recipient, longest: Longest) {
    this.framing = framing.name;
    this.transactionId = reply.transactionId;
    this.unitId = reply.unitId;
    this.pdu = reply.pdu;
    this.#framing = framing;
    this.#unframed = reply;
    this.#to = to;
    this.#longest = longest;
  }

  encode(changes: FrameChanges = {}): Uint8Array {
    const checked = checkOptions(changes, frameChecks(this.#longest.maxPdu));
    const { transactionId = this.transactionId, unitId = this.unitId, pdu = this.pdu } = checked;
    this.#to.guard?.replied(pdu, 0, pdu.length);
    return this.#seal(pdu, transactionId, unitId);
  }

  #seal(pdu: Uint8Array, transactionId: number, unitId: number): Uint8Array {
    const framing = this.#framing;
    const bytes = new Uint8Array(this.#longest.maxAdu);
    bytes.set(pdu, framing.headerLength);
    const end = framing.seal(bytes, 0, pdu.length, transactionId, unitId, this.#unframed.asciiDelimiter);
    if (end === NOT_SEALED) throw new Error('the framing has made no frame of the reply');
    return bytes.subarray(0, end);
  }

  /** The request that it answers: from now on, it counts as answered. */
  get request(): TraceMessage | undefined {
    this.#request ??= takeTraced(this.#unframed.debt);
    return this.#request;
  }

  /** Whether these bytes are the reply as the server itself would send it. */
  isFrame(bytes: Uint8Array): boolean {
    return Buffer.compare(bytes, this.#seal(this.pdu, this.transactionId, this.unitId)) === 0;
  }
}

function frameChecks(maxPduLength: number) {
  return {
    transactionId: optional(integer(0, 0xffff)),
    unitId: optional(integer(0, 0xff)),
    pdu: optional((value: unknown, path: Path) => checkPdu(value, path, maxPduLength)),
  } satisfies Checks<FrameChanges>;
}

function checkPdu(pdu: unknown, path: Path, maxLength: number): Uint8Array {
  if (types.isUint8Array(pdu) && pdu.length > 0 && pdu.length <= maxLength) return pdu;
  const found = types.isUint8Array(pdu) ? `${pdu.length} bytes` : show(pdu);
  throw new OptionsError(path, `expected 1 to ${maxLength} bytes, found ${found}`);
}
