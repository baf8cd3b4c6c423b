import type { LineCounters, ListenError } from 'busbar';
import { amount } from '../ground/amount.js';
import type { Logger } from './logger.js';

interface Loss {
  readonly error: Error | undefined;
  readonly reopening: boolean;
}

/** Describes a port that cannot be opened yet: in words, and as facts. */
export function describeWait({ message, code }: ListenError): { text: string; reason: string; code: string } {
  return { text: `${message}; trying until it opens`, reason: message, code };
}

/** Describes why a port is gone and what happens next: in words, and as facts. */
export function describeLoss(name: string, { error, reopening }: Loss): { text: string; reason: string } {
  const reason = error?.message ?? 'it was closed';
  return { text: `${name} is lost: ${reason}${reopening ? '; trying to open it again' : ''}`, reason };
}

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
