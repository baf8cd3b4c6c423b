import type { LineCounters } from 'busbar';
import { amount } from '../ground/amount.js';
import type { Logger } from './logger.js';

/** Logs what a line has carried; `more` is what a server has counted of its own. */
export function logLineCounters(
  line: string,
  counters: Readonly<LineCounters>,
  log: Logger,
  more: Record<string, number> = {},
): void {
  const { bytesReceived, messages, foreignFrames, communicationErrors, resynchronisations, overruns } = counters;
  const counted = {
    bytesReceived,
    messages,
    foreignFrames,
    communicationErrors,
    resynchronisations,
    overruns,
    ...more,
  };
  const text =
    `${line}: ${amount(bytesReceived, 'byte')} with ${amount(messages, 'frame')} (${foreignFrames} of other stations), ` +
    `${amount(communicationErrors, 'error')}, ${amount(resynchronisations, 'resynchronisation')}, ` +
    `${amount(overruns, 'overrun')}`;
  log.log('info', { event: 'counters', text, line, ...counted });
}
