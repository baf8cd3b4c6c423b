import { UsageError } from '../ground/usage-error.js';
import { choice, type GivenOptions, LINE_OPTIONS, serialListeners } from '../listeners/arguments.js';
import type { SerialListener } from '../listeners/types.js';
import { LOG_FORMATS, type LogFormat } from '../log/logger.js';

export interface MonitorOptions {
  line: SerialListener;
  /** The capture file. */
  pcap?: string;
  logFormat: LogFormat;
}

/** The options of `busbar monitor`, as `parseArgs` takes them. */
export const MONITOR_OPTIONS = {
  ...LINE_OPTIONS,
  pcap: { type: 'string' },
  'log-format': { type: 'string' },
} as const;

export function monitorOptions(given: GivenOptions): MonitorOptions {
  const [line, other] = serialListeners(given);
  if (line === undefined) throw new UsageError('monitor needs --serial PORT, the line to listen to');
  if (other !== undefined) throw new UsageError('--serial is given twice: start a monitor for each line');
  const pcap = given.get('pcap')?.[0];
  return {
    line,
    ...(pcap !== undefined && { pcap }),
    logFormat: choice('log-format', given.get('log-format')?.[0] ?? 'pretty', LOG_FORMATS),
  };
}
