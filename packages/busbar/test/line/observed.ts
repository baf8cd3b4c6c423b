import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { PassedMessage } from 'busbar';

/** Is told what a server finds on its line: each frame without its CRC. */
export interface LineObserver {
  /** A request to it. */
  took(frame: Uint8Array): void;
  /** A frame of other stations. */
  passed(frame: Uint8Array): void;
}

/** Tells of the one server that runs. @returns what ends that. */
export function observe(observer: LineObserver): () => void {
  const took = (message: unknown) => observer.took(frameOf(message as PassedMessage));
  const passed = (message: unknown) => observer.passed(frameOf(message as PassedMessage));
  subscribe('busbar:request', took);
  subscribe('busbar:passed', passed);
  return () => {
    unsubscribe('busbar:request', took);
    unsubscribe('busbar:passed', passed);
  };
}

function frameOf({ unitId, pdu }: PassedMessage): Uint8Array {
  return Uint8Array.of(unitId, ...pdu);
}
