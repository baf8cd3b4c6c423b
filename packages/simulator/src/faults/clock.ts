/** The time by which faults go. A test may bring its own. */
export interface FaultClock {
  /** Calls back once, so many milliseconds later. @returns what takes that back. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** The time of the process, which does not wait for it to end. */
export const processClock: FaultClock = {
  after(milliseconds, callback) {
    const end = performance.now() + milliseconds;
    let timer: NodeJS.Timeout | undefined;
    // A timer takes at most 24 days.
    const wait = () => {
      const left = end - performance.now();
      if (left <= 0) callback();
      else timer = setTimeout(wait, Math.min(left, LONGEST_TIMER)).unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};

const LONGEST_TIMER = 0x7fffffff;
