import { SerialPort } from 'serialport';

/** The client's end of a serial line. */
export function openPort(path: string): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: 19_200 }, (error) => {
      if (error) return reject(error);
      wakeOnInput(port);
      resolve(port);
    });
  });
}

/** Since Node.js 26 the package hears of input, but doesn't read it until something else happens in the process. */
function wakeOnInput({ port }: SerialPort): void {
  if (port && 'poller' in port) port.poller.on('readable', () => setImmediate(() => undefined));
}
