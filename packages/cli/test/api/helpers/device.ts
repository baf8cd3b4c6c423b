import type { Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Device } from '../../../src/device/device.js';
import { loadDevice } from '../../../src/device/load-device.js';
import { connected } from '../../helpers/client.js';
import { folderWith } from '../../helpers/files.js';

/** A boiler with a point of each kind, and a meter without points. */
export const BOILER = `
listen: [{ type: tcp, port: 0, name: plant }]
simulation: { speed: 0.001 } # only the test lets time pass
units:
  - id: 1
    name: boiler
    points:
      flow: { at: holding 0, type: int16, scale: 0.1, unit: °C, value: 65 }
      setpoint: { at: holding 1, type: int16, scale: 0.1, unit: °C, min: 30, max: 80, value: 55, description: Wanted }
      energy: { at: input 100, type: float32, order: CDAB, unit: kWh, value: 21.5 }
      total: { at: input 200, type: uint64, value: 4711 }
      mode: { at: holding 20, labels: { 0: off, 1: auto, 2: hand }, value: auto }
      alarms: { at: holding 30, type: bits, labels: { 0: overheated, 3: no flow } }
      alarm: { at: holding 31.3, readOnly: true }
      digits: { at: holding 33, type: bcd, value: 1234 }
      pump: { at: coil 3, value: true }
      serialNo: { at: holding 40, type: string, length: 4, value: B-1234 }
      level: { at: input 210, simulate: { ramp: { from: 0, to: 60, period: 1m } } }
    holdingRegisters:
      - { start: 100, count: 10 }
    coils:
      - { start: 8, count: 8 }
    scenarios:
      dry run:
        - { at: 0s, set: { pump: false } }
        - { at: 10s, set: { pump: true } }
  - id: 2
    name: meter
    inputRegisters: [{ start: 0, count: 4 }]
`;

/** A device that is served until the end of the test. */
export async function deviceOf(text = BOILER): Promise<Device> {
  const folder = folderWith({ 'boiler.yaml': text });
  const device = await loadDevice(join(folder.path, 'boiler.yaml'));
  onTestFinished(async () => {
    await device.close();
    folder[Symbol.dispose]();
  });
  await device.start();
  device.simulator.pause();
  return device;
}

/** A Modbus client of the first listener, until the end of the test. */
export async function clientOf({ boundServers }: Device): Promise<Socket> {
  const address = boundServers[0].server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the first listener has no port');
  const socket = await connected(address.port);
  onTestFinished(() => void socket.destroy());
  return socket;
}
