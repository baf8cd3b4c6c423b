import { onTestFinished, vi } from 'vitest';
import { createRecorder, type Recorder } from './events.js';

/** The process warnings from now on. They come here, and not to the terminal, until the test has ended. */
export function catchWarnings(): Recorder<Error> {
  const warnings = createRecorder<Error>();
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.record(warning instanceof Error ? warning : new Error(warning));
  });
  onTestFinished(() => emitWarning.mockRestore());
  return warnings;
}
