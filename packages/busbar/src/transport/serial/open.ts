import { isMainThread } from 'node:worker_threads';
import type { ListenErrorCode } from '../../error-codes.js';
import { ListenError } from '../../errors.js';
import type { LineSettings, OwnPort } from './options.js';
import { readOverruns } from './overruns.js';
import { keepPolling } from './poller.js';

const CHECK_MS = 1000;

/** Opens a port with the `serialport` package. @throws ListenError that says what to do. */
export async function openPort(settings: LineSettings): Promise<OwnPort> {
  if (!isMainThread) return (await import('./remote.js')).openRemotePort(settings);
  const SerialPort = await loadPackage();
  const port = new SerialPort({ ...settings, autoOpen: false });
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error) return reject(openError(error, settings.path));
      keepPolling(port);
      void watch(port, settings.path);
      resolve(port);
    });
  });
}

/** Checks a port once a second. */
async function watch(port: OwnPort, path: string): Promise<void> {
  let overruns = await readOverruns(path);
  let checking = false;
  const timer = setInterval(async () => {
    if (!port.isOpen) return clearInterval(timer);
    if (checking) return;
    checking = true;
    if (overruns !== undefined) overruns = await tellOverruns(port, path, overruns);
    await destroyIfGone(port);
    checking = false;
  }, CHECK_MS).unref();
}

/** @returns the current number. */
async function tellOverruns(port: OwnPort, path: string, before: number): Promise<number> {
  const now = (await readOverruns(path)) ?? before;
  if (now > before) port.emit('overrun', now - before);
  return now;
}

/**
 * Destroys a port whose device is gone. Usually the package notices this itself, but not if the loss comes during a
 * read: then it reads nothing, over and over. Waiting for the output, however, always fails.
 */
function destroyIfGone(port: OwnPort): Promise<void> {
  return new Promise((resolve) => {
    if (!port.isOpen) return resolve();
    port.drain((error) => {
      if (error && port.isOpen) port.destroy(error);
      resolve();
    });
  });
}

/** Resolves when the port is closed, whether or not it was open. */
export function closePort(port: OwnPort): Promise<void> {
  return new Promise((resolve) => {
    if (port.isOpen) port.close(() => resolve());
    else resolve();
  });
}

/** Only users of serial ports need the package. */
async function loadPackage() {
  try {
    return (await import('serialport')).SerialPort;
  } catch (error) {
    throw packageError(error as NodeJS.ErrnoException);
  }
}

function packageError(error: NodeJS.ErrnoException): ListenError {
  // A bundler may have turned the import into a require().
  const missing = error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND';
  if (missing && /'serialport'/.test(error.message)) {
    const message = 'serial ports need a package: npm install serialport';
    return new ListenError('SERIALPORT_MISSING', message, { cause: error });
  }
  const advice = 'in a bundle it must stay external (esbuild: --external:serialport)';
  const message = `the package serialport does not run here; ${advice}: ${error.message.trim()}`;
  return new ListenError('SERIALPORT_UNUSABLE', message, { cause: error });
}

/** The package reports the system's error only as text, on Windows in its own words. */
const CAUSES: readonly { words: RegExp; code: ListenErrorCode; advice: string }[] = [
  {
    words: /no such file or directory|file not found/i,
    code: 'ENOENT',
    advice: 'there is no such port; `npx @serialport/list` lists the available ones',
  },
  {
    words: /permission denied/i,
    code: 'EACCES',
    advice: 'not permitted; on Linux, add the user to the group of the port (dialout or uucp) and log in again',
  },
  {
    words: /cannot lock port|resource busy|access (is )?denied/i,
    code: 'EBUSY',
    advice: 'another program has the port open; stop it, or choose another port',
  },
  { words: /inappropriate ioctl|is a directory/i, code: 'ENOTTY', advice: 'this is not a serial port' },
  { words: /no such device/i, code: 'ENODEV', advice: 'the device behind the port is gone; is it plugged in?' },
  { words: /input\/output error/i, code: 'EIO', advice: 'the device behind the port does not answer' },
];

/** An error that says why a port could not be opened, and what to do. */
export function openError(error: Error, path: string): ListenError {
  const found = CAUSES.find(({ words }) => words.test(error.message));
  const { code, advice } = found ?? { code: 'OPEN_FAILED' as const, advice: error.message };
  return new ListenError(code, `cannot open ${path}: ${advice} (${code})`, { cause: error });
}
