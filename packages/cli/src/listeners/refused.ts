import { OptionsError } from 'busbar';
import { UsageError } from '../ground/usage-error.js';
import { BAUD, CA, CERT, KEY, PARITY, PASSPHRASE_FILE, SILENCE, STOP_BITS } from './flags.js';

/** The flags behind the options of the library. */
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

/**
 * Words an error about options that came from the command line. @param flag to name if none of its companions is to
 * blame.
 */
export function usageError(error: unknown, flag: string): unknown {
  if (!(error instanceof OptionsError)) return error;
  const problems = error.problems.map(({ path, problem }) => `${FLAGS[path[0] ?? '']?.flag ?? flag}: ${problem}`);
  return new UsageError(problems.join('; '));
}
