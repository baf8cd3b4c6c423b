import type { FaultSwitched, Faults } from 'busbar-simulator';
import { faultToJson } from '../faults.js';
import type { Source } from './feed.js';

/** Faults that are switched. */
export function faultSource(faults: Faults): Source {
  return {
    type: 'fault',
    start(publish) {
      const switched = ({ fault, why }: FaultSwitched) => publish('fault', { fault: faultToJson(fault), why });
      faults.on('switched', switched);
      return () => faults.off('switched', switched);
    },
  };
}
