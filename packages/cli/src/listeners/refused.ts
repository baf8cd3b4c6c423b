import { OptionsError } from 'busbar';
import { UsageError } from '../ground/usage-error.js';
import { BAUD, CA, CERT, KEY, PARITY, PASSPHRASE_FILE, SILENCE, STOP_BITS } from './flags.js';

/** The options from which those of the library come. */
const FLAGS: Record<string, { flag: string }> = {
  certFile: CERT,
  keyFile: KEY,
  caFile: CA,
  passphrase: PASSPHRASE_FILE,
  baudRate: BAUD,
  silence: SILENCE,
  parity: PARITY,
  stopBits: STOP_BITS,
};

/** What is wrong with an option that came from the command line. @param flag the one to name if it was none of its companions. */
export function usageError(error: unknown, flag: string): unknown {
  if (!(error instanceof OptionsError)) return error;
  const problems = error.problems.map(({ path, problem }) => `${FLAGS[path[0] ?? '']?.flag ?? flag}: ${problem}`);
  return new UsageError(problems.join('; '));
}
