import { Unit } from 'busbar';

/** A tank with a pump. */
export function tank() {
  return new Unit({
    id: 1,
    name: 'tank',
    points: {
      pump: { at: 'coil 3', value: true },
      valve: { at: 'coil 4' },
      alarm: { at: 'discrete 0' },
      level: { at: 'input 0', type: 'uint16', value: 50 },
      speed: { at: 'input 1', type: 'uint16' },
      command: { at: 'holding 0' },
      mode: { at: 'holding 1', labels: { 0: 'off', 1: 'auto', 2: 'hand' }, value: 'auto' },
      alarms: { at: 'holding 2', type: 'bits', labels: { 0: 'empty', 1: 'full' } },
      count: { at: 'holding 3', type: 'uint16' },
      flow: { at: 'holding 4', type: 'int16', scale: 0.1, value: 6.5 },
    },
  });
}
