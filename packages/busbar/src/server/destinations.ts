import type { ServerCounters } from '../counters.js';
import type { Unit } from '../data/unit.js';
import type { FrameReader, Framing } from '../framing/framing.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { EXCEPTION_BIT } from '../protocol/function-codes.js';
import type { Settings, UnknownUnitPolicy } from './options.js';
import type { Output } from './output.js';
import { type Asker, PendingReply } from './replies.js';
import type { Requests } from './requests.js';
import { ServedUnit } from './served-unit.js';
import { requestChannel, type TraceMessage, traceUnanswered } from './trace.js';

/** What a unit id leads to. */
interface Destination {
  /** The one unit that it is, if it is one. */
  readonly unit?: Unit;
  /**
   * Takes the request that `frame` describes; its reply goes to `output`, or later to its place among the asker's
   * replies.
   */
  take(frame: FrameReader, asker: Asker, output: Output): void;
}

class ToUnit implements Destination {
  readonly #requests: Requests;
  readonly #served: ServedUnit;

  constructor(requests: Requests, served: ServedUnit) {
    this.#requests = requests;
    this.#served = served;
  }

  get unit(): Unit {
    return this.#served.unit;
  }

  take(frame: FrameReader, asker: Asker, output: Output): void {
    this.#requests.serve(frame, this.#served, asker, output);
  }
}

/** Every unit carries out writes, none carries out reads, and nothing is answered (SL, clause 2.2). */
class Broadcast implements Destination {
  readonly #requests: Requests;
  readonly #all: readonly ServedUnit[];

  constructor(requests: Requests, all: readonly ServedUnit[]) {
    this.#requests = requests;
    this.#all = all;
  }

  take(frame: FrameReader, asker: Asker): void {
    for (const served of this.#all) this.#requests.serveBroadcast(frame, served, asker);
  }
}

/** No unit has this id, and the client is told so. */
class Refusal implements Destination {
  readonly #requests: Requests;
  readonly #counters: ServerCounters;
  readonly #exceptionCode: number;

  constructor(requests: Requests, counters: ServerCounters, exceptionCode: number) {
    this.#requests = requests;
    this.#counters = counters;
    this.#exceptionCode = exceptionCode;
  }

  take(frame: FrameReader, asker: Asker): void {
    this.#counters.unknownUnit++;
    this.#counters.replies++;
    this.#counters.exceptions++;
    const functionCode = frame.bytes[frame.pduStart];
    this.#requests.tally.refused(functionCode, this.#exceptionCode);
    const reply = new PendingReply(asker, frame, this.#counters, this.#requests.hook(frame, asker));
    reply.settle(Uint8Array.of(functionCode | EXCEPTION_BIT, this.#exceptionCode));
  }
}

/** No unit has this id; on a line, it is another station's. */
class Silence implements Destination {
  readonly #counters: ServerCounters;

  constructor(counters: ServerCounters) {
    this.#counters = counters;
  }

  take(): void {
    this.#counters.unknownUnit++;
  }
}

const DIRECT_IDS = [0, 255];
const BROADCAST_ID = 0;
const ALL_IDS = 256;
const EXCEPTIONS = {
  gatewayTargetFailed: ExceptionCode.GatewayTargetDeviceFailedToRespond,
  gatewayPathUnavailable: ExceptionCode.GatewayPathUnavailable,
} as const;

/** The units of one server, and what each unit id leads to. They may come and go while it runs. */
export class Destinations {
  /** In the order in which they came: the first one is the default unit. A change makes a new list. */
  units: readonly ServedUnit[] = [];
  #byId: readonly Destination[] = [];
  #attached = false;
  readonly #server: object;
  readonly #framing: Framing;
  readonly #requests: Requests;
  readonly #counters: ServerCounters;
  readonly #policy: UnknownUnitPolicy | undefined;
  readonly #serve: (unit: Unit) => ServedUnit;
  readonly #silence: Destination;

  /** @param server for traces: the object that the program made. */
  constructor(server: object, settings: Settings, framing: Framing, requests: Requests, counters: ServerCounters) {
    this.#server = server;
    this.#framing = framing;
    this.#requests = requests;
    this.#counters = counters;
    this.#policy = settings.unknownUnit;
    this.#silence = new Silence(counters);
    const { units, identity, functions, authorize } = settings;
    this.#serve = (unit) => new ServedUnit(unit, counters, identity, functions, authorize);
    this.#change(units.map(this.#serve));
  }

  /** Counts and traces the request that `frame` describes, and hands it to where its unit id leads. */
  take(frame: FrameReader, asker: Asker, output: Output): void {
    this.#counters.messages++;
    const destination = this.#byId[frame.unitId];
    if (requestChannel.hasSubscribers) asker.traced = this.#trace(frame, asker, destination);
    destination.take(frame, asker, output);
    if (asker.traced !== undefined) traceUnanswered(asker);
  }

  #trace(
    { bytes, transactionId, unitId, pduStart, pduEnd }: FrameReader,
    { peer }: Asker,
    { unit }: Destination,
  ): TraceMessage {
    const pdu = bytes.slice(pduStart, pduEnd);
    const { name: framing } = this.#framing;
    const message: TraceMessage = { server: this.#server, peer, framing, transactionId, unitId, pdu, unit };
    requestChannel.publish(message);
    return message;
  }

  /** Whether requests with this unit id are for this server. */
  serves(unitId: number): boolean {
    return this.#byId[unitId] !== this.#silence;
  }

  find(id: number): ServedUnit | undefined {
    return this.units.find(({ unit }) => unit.id === id);
  }

  add(unit: Unit): void {
    this.replace([...this.units.map((served) => served.unit), unit]);
  }

  /** Requests that have come before are still carried out and answered: they know their unit. */
  delete(served: ServedUnit): void {
    served.detach();
    this.#change(this.units.filter((each) => each !== served));
  }

  /** Serves these units in this order; what is known of those that it served before stays. */
  replace(units: readonly Unit[]): void {
    const before = this.units;
    this.#change(units.map((unit) => before.find((served) => served.unit === unit) ?? this.#serve(unit)));
    for (const served of before) if (!this.units.includes(served)) served.detach();
    if (this.#attached) this.attach();
  }

  /** From now on the units' counters include this server's. */
  attach(): void {
    this.#attached = true;
    for (const served of this.units) served.attach();
  }

  detach(): void {
    this.#attached = false;
    for (const served of this.units) served.detach();
  }

  /**
   * A peer is gone: its requests that wait for a unit are not carried out any more. @param owner what they wait under.
   */
  dropAll(owner: unknown): void {
    for (const { device } of this.units) device.lock.dropAll(owner);
  }

  #change(units: readonly ServedUnit[]): void {
    this.units = units;
    this.#byId = this.#framing.sharedLine ? this.#idsOnLine() : this.#directIds();
  }

  /** Where peers reach the device directly, 0 and 255 are the default unit (TG, clause 4.4.2). */
  #directIds(): Destination[] {
    const byId = this.#ids('gatewayTargetFailed');
    for (const id of DIRECT_IDS) if (this.find(id) === undefined && this.units.length > 0) byId[id] = this.#toDefault();
    return byId;
  }

  /** On a shared line, other ids are other stations', and 0 is broadcast (SL, clause 2.2). */
  #idsOnLine(): Destination[] {
    const byId = this.#ids('silent');
    byId[BROADCAST_ID] = new Broadcast(this.#requests, this.units);
    return byId;
  }

  /**
   * @param vacant the policy unless the server's options have one, and what `any` means while there is no unit at all.
   */
  #ids(vacant: Exclude<UnknownUnitPolicy, 'any'>): Destination[] {
    const byId = new Array<Destination>(ALL_IDS).fill(this.#unknown(this.#policy ?? vacant, vacant));
    for (const served of this.units) byId[served.unit.id] = new ToUnit(this.#requests, served);
    return byId;
  }

  #unknown(policy: UnknownUnitPolicy, vacant: Exclude<UnknownUnitPolicy, 'any'>): Destination {
    if (policy === 'silent') return this.#silence;
    if (policy !== 'any') return new Refusal(this.#requests, this.#counters, EXCEPTIONS[policy]);
    return this.units.length > 0 ? this.#toDefault() : this.#unknown(vacant, vacant);
  }

  #toDefault(): Destination {
    return new ToUnit(this.#requests, this.units[0]);
  }
}
