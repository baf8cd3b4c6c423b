import { OptionsError } from 'busbar';
import { UsageError } from '../ground/usage-error.js';
import { problemText } from './options-problem.js';

/** The options from which those of the library come. */
const FLAGS: Record<string, string> = {
  certFile: '--cert',
  keyFile: '--key',
  caFile: '--ca',
  passphrase: '--passphrase-file',
  baudRate: '--baud',
  silence: '--silence',
  parity: '--parity',
  stopBits: '--stop-bits',
};

/** What is wrong with an option that came from the command line. @param flag the one to name if it was none of its companions. */
export function usageError(error: unknown, flag: string): unknown {
  if (!(error instanceof OptionsError)) return error;
  return new UsageError(`${FLAGS[error.path[0] ?? ''] ?? flag}: ${problemText(error)}`);
}
