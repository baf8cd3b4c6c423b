import {
  ConnectionError,
  type FramedReply,
  type HandledReply,
  type HandledRequest,
  type Peer,
  type ReplyWire,
  type RequestHandler,
} from 'busbar';
import { Delivery } from './delivery.js';
import type { FaultInjected } from './events.js';
import type { Fault } from './fault.js';
import { kindsOf, STAGES } from './kinds.js';
import type { Place } from './match.js';
import { PreviousReplies } from './previous.js';

/** The faults that there are. */
export interface FaultLists {
  all: readonly Fault[];
  /** Those that are on: what is looked at for each request. */
  active: readonly Fault[];
}

const EXCEPTION_BIT = 0x80;

/** Sockets and ports that have no connections to refuse. */
const WITHOUT_CONNECTIONS = ['udp', 'serial'];

/** Injects faults into what the clients of one server get. */
export class FaultHandler implements RequestHandler {
  readonly #faults: FaultLists;
  readonly #injected: (event: FaultInjected) => void;
  readonly #place: Place;
  readonly #previous = new PreviousReplies();
  /** Which faults make exceptions hit the requests that are in progress: decided before they are carried out. */
  readonly #decided = new WeakMap<HandledRequest, ReadonlyMap<Fault, boolean>>();

  constructor(faults: FaultLists, injected: (event: FaultInjected) => void, place: Place) {
    this.#faults = faults;
    this.#injected = injected;
    this.#place = place;
  }

  connected(peer: Peer): void {
    if (WITHOUT_CONNECTIONS.includes(peer.transport)) return;
    const fault = this.#faults.active.find((each) => each.refusesPeer(peer, this.#place));
    if (fault === undefined) return;
    this.#tell(fault, peer, undefined, ['connection refused']);
    throw new ConnectionError('FAULT', `refused by the fault "${fault.name}"`);
  }

  idle(): boolean {
    return !this.#faults.active.some((fault) => fault.concerns(this.#place));
  }

  /** A request that gets an exception is not carried out. */
  execute(request: HandledRequest, next: () => Promise<HandledReply>): HandledReply | Promise<HandledReply> {
    const makers = this.#faults.active.filter(({ options }) => options.exception !== undefined);
    const decided = new Map(makers.map((fault) => [fault, fault.hitsRequest(request, this.#place)]));
    this.#decided.set(request, decided);
    const hit = makers.filter((fault) => decided.get(fault));
    for (const fault of hit) this.#tell(fault, request.peer, request, [`exception ${fault.options.exception}`]);
    const code = hit.at(-1)?.options.exception;
    return code === undefined ? next() : Uint8Array.of((request.pdu[0] ?? 0) | EXCEPTION_BIT, code);
  }

  async frame(reply: FramedReply, request: HandledRequest, wire: ReplyWire): Promise<void> {
    const decided = this.#decided.get(request);
    const delivery = new Delivery(reply, this.#previous.exchange(request.peer, reply.encode()), decided !== undefined);
    const hit = this.#faults.all.filter(
      (fault) => decided?.get(fault) ?? fault.hitsReply(request, this.#place, delivery),
    );
    for (const [fault, effects] of applyAll(hit, delivery)) this.#tell(fault, request.peer, request, effects);
    await delivery.run(wire);
  }

  #tell(fault: Fault, peer: Peer, request: HandledRequest | undefined, effects: readonly string[]): void {
    if (effects.length > 0) this.#injected({ fault, peer, request, effects, ...this.#place });
  }
}

/** Kind by kind: the content of the frame is settled before its bytes are, and its checksum before there are more. */
function applyAll(faults: readonly Fault[], delivery: Delivery): ReadonlyMap<Fault, readonly string[]> {
  const effects = new Map<Fault, string[]>(faults.map((fault) => [fault, []]));
  for (const stage of STAGES) {
    if (stage === 'bytes') delivery.encode();
    for (const kind of kindsOf(stage)) {
      for (const [fault, texts] of effects) texts.push(...fault.apply(kind, delivery));
    }
  }
  return effects;
}
