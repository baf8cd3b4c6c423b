import { CaptureFile } from 'busbar/monitor';
import { amount } from '../ground/amount.js';
import { writeProblem } from '../ground/files.js';
import type { Logger } from '../log/logger.js';

/** @returns undefined where the file can't be written; the log says why. */
export async function openCapture(path: string, log: Logger): Promise<CaptureFile | undefined> {
  const onError = (error: Error) => {
    log.log('warn', { event: 'captureEnded', text: `the capture ${path} ends here: ${error.message}`, path });
  };
  try {
    return await CaptureFile.create(path, { onError });
  } catch (error) {
    log.fail({ event: 'captureFailed', text: `--pcap ${path}: can't be written: ${writeProblem(error)}`, path });
    return undefined;
  }
}

/** Completes the file, and says what is in it. */
export async function closeCapture(capture: CaptureFile, log: Logger): Promise<void> {
  await capture.close();
  const { path, packets, dropped } = capture;
  const left = dropped === 0 ? '' : `; ${dropped} left out, as the disk was too slow or failed`;
  const text = `${path}: ${amount(packets, 'packet')}${left}`;
  log.log('info', { event: 'captured', text, path, packets, dropped });
}
