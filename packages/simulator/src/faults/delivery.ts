import type { FramedReply, ReplyWire } from 'busbar';

/** A pause amid the bytes of a reply. */
interface Cut {
  /** Bytes ahead of it. */
  readonly at: number;
  readonly pause: number;
}

/** How one reply goes out. Faults change it, kind by kind; times are in milliseconds. */
export class Delivery {
  readonly reply: FramedReply;
  /** The frame of the reply before, to the same client. */
  readonly previous: Uint8Array | undefined;
  /** Faults that make exceptions have had their turn, ahead of the request. */
  readonly judged: boolean;
  transactionId: number;
  unitId: number;
  pdu: Uint8Array;
  /** The frame, made of the above when all that changes them has done so. */
  bytes: Uint8Array = new Uint8Array(0);
  delay = 0;
  silent = false;
  copies = 1;
  close: 'before' | 'amid' | 'after' | undefined;
  readonly cuts: Cut[] = [];

  constructor(reply: FramedReply, previous: Uint8Array | undefined, judged: boolean) {
    this.reply = reply;
    this.previous = previous;
    this.judged = judged;
    this.transactionId = reply.transactionId;
    this.unitId = reply.unitId;
    this.pdu = reply.pdu;
  }

  /** Puts the reply into its frame. */
  encode(): void {
    const { transactionId, unitId, pdu } = this;
    this.bytes = this.reply.encode({ transactionId, unitId, pdu });
  }

  /** Puts it on the wire. */
  async run(wire: ReplyWire): Promise<void> {
    if (this.delay > 0 && !(await wire.pause(this.delay))) return;
    if (this.close !== 'before' && !this.silent) {
      for (let copy = 0; copy < this.copies; copy++) await this.#send(wire);
    }
    if (this.close !== undefined) wire.close();
  }

  async #send(wire: ReplyWire): Promise<void> {
    const { bytes } = this;
    const end = this.close === 'amid' ? Math.floor(bytes.length / 2) : bytes.length;
    let sent = 0;
    for (const { at, pause } of this.cuts.toSorted((one, other) => one.at - other.at)) {
      if (at <= sent || at >= end) continue;
      wire.send(bytes.subarray(sent, at));
      sent = at;
      if (!(await wire.pause(pause))) return;
    }
    wire.send(bytes.subarray(sent, end));
  }
}
