import { join } from 'node:path';
import { CaptureFile } from 'busbar/monitor';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { type Capture, type Captured, readCapture } from '../../../../interop/helpers/pcapng.js';
import { toHex } from '../helpers/hex.js';

/** What is written to a capture file while `act` has it. */
export async function captured(act: (file: CaptureFile) => Promise<void>): Promise<Capture> {
  using folder = temporaryFolder();
  const path = join(folder.path, 'test.pcapng');
  const file = await CaptureFile.create(path);
  await act(file);
  await file.close();
  return readCapture(path);
}

/** A packet as a line: which way, from what port to what port, what it is taken for, and its bytes. */
export function packetLine({ direction, source, destination, dissector, bytes }: Captured): string {
  const ends = [source, destination].map(({ address = '', port = '' }) => `${address}:${port}`).join('>');
  return `${direction ?? '-'} ${ends} ${dissector} ${toHex(bytes)}`;
}
