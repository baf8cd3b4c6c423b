import { type RunningBusbar, startBusbar } from './busbar.js';
import { device } from './device.js';
import { createPtyPair, type PtyPair } from './pty.js';

/** The sample device on a serial line, served by the built command. */
export interface SerialLine {
  /** The clients' end. */
  path: string;
  pair: PtyPair;
  stop(): Promise<void>;
}

export async function startSerialLine(framing: 'rtu' | 'ascii'): Promise<SerialLine> {
  const pair = await createPtyPair();
  const reconnect = { initialDelay: 10, maxDelay: 100 };
  const listener = { type: 'serial', path: pair.a, framing, reconnect };
  let busbar: RunningBusbar;
  try {
    // Listeners start in their order, so that the line is served once there is a port.
    busbar = await startBusbar({ ...device, listen: [listener, ...device.listen] });
  } catch (error) {
    await pair.remove();
    throw error;
  }
  const stop = async () => {
    await busbar.stop();
    await pair.remove();
  };
  return { path: pair.b, pair, stop };
}
