import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BusFrame, BusMonitor, type BusMonitorOptions, type BusNoise } from 'busbar/monitor';
import { afterEach, expect } from 'vitest';
import { createRecorder, type Recorder } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { asciiClient, rtuClient } from '../helpers/line-client.js';

const made: BusMonitor[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((monitor) => monitor.close()));
});

/** A monitor that does not listen yet; it is closed when the test has ended. */
export function createMonitor(options: BusMonitorOptions): BusMonitor {
  const monitor = new BusMonitor(options);
  made.push(monitor);
  return monitor;
}

/** A labelled PDU from or to a unit as a frame of the line. */
export const rtu = (unit: number, pdu: string) => rtuClient.encode({ unit, pdu: hex(pdu) });
export const ascii = (unit: number, pdu: string) => asciiClient().encode({ unit, pdu: hex(pdu) });

/**
 * All that a monitor tells from now on, a line each: `> 2 07` a request to unit 2, `< 2 0700 to 07` its reply with the
 * request that it answers, `? FF` noise, `! 2 07` a request that was not answered.
 */
export function recordLines(monitor: BusMonitor): ReturnType<typeof createRecorder<string>> {
  const told = createRecorder<string>();
  monitor.on('frame', (frame) => told.record(frameLine(frame)));
  monitor.on('noise', ({ bytes }) => told.record(`? ${toHex(bytes)}`));
  monitor.on('unanswered', ({ unitId, pdu }) => told.record(`! ${unitId} ${toHex(pdu)}`));
  return told;
}

function frameLine({ kind, unitId, pdu, request }: BusFrame): string {
  if (kind === 'request') return requestLine(unitId, pdu);
  return replyLine(unitId, pdu, request?.pdu);
}

export const requestLine = (unit: number, pdu: Uint8Array) => `> ${unit} ${toHex(pdu)}`;
export const replyLine = (unit: number, pdu: Uint8Array, request?: Uint8Array) =>
  `< ${unit} ${toHex(pdu)} to ${request === undefined ? 'nothing' : toHex(request)}`;

/** Frames and noise in their order. */
export function recordHeard(monitor: BusMonitor): Recorder<BusFrame | BusNoise> {
  const heard = createRecorder<BusFrame | BusNoise>();
  monitor.on('frame', heard.record).on('noise', heard.record);
  return heard;
}

/** A silence that no test waits for: what is told then depends on no time. */
const NEVER = 60_000;

/** A monitor of a port of the tests' own. */
export class Listening {
  readonly port = new FakePort();
  readonly monitor: BusMonitor;
  readonly told: ReturnType<typeof createRecorder<string>>;
  readonly heard: Recorder<BusFrame | BusNoise>;

  private constructor(options: BusMonitorOptions) {
    this.monitor = createMonitor({ port: this.port, silence: NEVER, ...options });
    this.told = recordLines(this.monitor);
    this.heard = recordHeard(this.monitor);
  }

  static async start(options: BusMonitorOptions = {}): Promise<Listening> {
    const listening = new Listening(options);
    await listening.monitor.listen();
    return listening;
  }

  /** Bytes come, each piece as a chunk of its own. */
  async hear(...pieces: Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      this.port.receive(piece);
      await nextTurn();
    }
  }

  /** All that is told of what has come: the monitor is closed, and has sent nothing. */
  async end(): Promise<string[]> {
    await this.monitor.close();
    expect(this.port.steps).toEqual([]);
    return this.told.all;
  }
}

/** What a monitor tells of these pieces. */
export async function toldOf(pieces: Uint8Array[], options: BusMonitorOptions = {}): Promise<string[]> {
  const listening = await Listening.start(options);
  await listening.hear(...pieces);
  return listening.end();
}

/** All ways to cut bytes into two, and the one into single bytes. */
export function cuts(bytes: Uint8Array): Uint8Array[][] {
  const inTwo = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [...inTwo, Array.from(bytes, (byte) => Uint8Array.of(byte))];
}
