// Servers that do wrong what sharing must do right, made with the hooks of any server: the checker must find each.

const WRITES = new Set([5, 6, 15, 16, 22]);

/** What a write is answered if all is well: its first bytes again. */
const acknowledge = (pdu) => (pdu[0] === 15 || pdu[0] === 16 ? pdu.subarray(0, 5) : pdu);
const isWrite = ({ pdu }) => WRITES.has(pdu[0]);

export const mutants = {
  /** It answers a write before it is carried out. */
  early: () => ({
    execute: (request, next) => {
      if (!isWrite(request)) return next();
      setTimeout(() => next().catch(() => undefined), 20);
      return acknowledge(request.pdu);
    },
  }),
  /** It acknowledges some writes and forgets them. */
  forgetful: () => {
    let writes = 0;
    return {
      execute: (request, next) => (isWrite(request) && ++writes % 20 === 0 ? acknowledge(request.pdu) : next()),
    };
  },
  /** It writes its own memory first, and tells the others later. */
  selfish: (unit) => ({
    execute: async ({ pdu }, next) => {
      if (pdu[0] !== 16) return next();
      const values = Array.from({ length: pdu[4] }, (_, i) => pdu[6 + 2 * i] * 256 + pdu[7 + 2 * i]);
      unit.holdingRegisters.set(pdu[1] * 256 + pdu[2], values);
      return acknowledge(pdu);
    },
  }),
  /** It now and then shows what was there some time ago, as if it had passed over an entry of the stream. */
  backward: () => {
    const kept = new Map();
    let reads = 0;
    return {
      execute: async (request, next) => {
        const reply = await next();
        if (isWrite(request)) return reply;
        const key = Buffer.from(request.pdu).toString('hex');
        const old = kept.get(key);
        if (++reads % 10 === 0 && old !== undefined) return old;
        if (reads % 7 === 0) kept.set(key, Uint8Array.from(reply));
        return reply;
      },
    };
  },
  /** It now and then shows one half of what is there, and the other half of what was. */
  torn: () => {
    let [old, reads] = [undefined, 0];
    return {
      execute: async ({ pdu }, next) => {
        const reply = await next();
        if (pdu[0] !== 3) return reply;
        const mixed =
          old !== undefined && ++reads % 5 === 0 ? Buffer.concat([old.subarray(0, 14), reply.subarray(14)]) : reply;
        old = Uint8Array.from(reply);
        return mixed;
      },
    };
  },
  /** It now and then takes its time. */
  slow: () => {
    let requests = 0;
    return {
      execute: async (_, next) => {
        if (++requests % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 5000));
        return next();
      },
    };
  },
};
