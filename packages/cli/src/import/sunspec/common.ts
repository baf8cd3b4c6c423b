import type { SunspecModel } from './schema.js';

function text(name: string, size: number, desc: string, value: string) {
  return { name, type: 'string', size, desc, value } as const;
}

/** Model 1, which every SunSpec device has. @param about the model that the device is for. */
export function commonModel({ id, group }: SunspecModel): SunspecModel {
  return {
    id: 1,
    group: {
      name: 'common',
      type: 'group',
      label: 'Common',
      points: [
        { name: 'ID', type: 'uint16', size: 1, desc: 'Model identifier' },
        { name: 'L', type: 'uint16', size: 1, desc: 'Model length' },
        text('Mn', 16, 'Manufacturer', 'Busbar'),
        text('Md', 16, 'Model', group.name.slice(0, 32)),
        text('Opt', 8, 'Options', `model ${id}`),
        text('Vr', 8, 'Version', '1.0'),
        text('SN', 16, 'Serial number', '0001'),
        { name: 'DA', type: 'uint16', size: 1, desc: 'Modbus device address', access: 'RW', value: 1 },
        { name: 'Pad', type: 'pad', size: 1 },
      ],
      groups: [],
    },
  };
}

/** Model 1 as a file has it, with values where it has none: without them clients take it for no device. */
export function withValues(common: SunspecModel, about: SunspecModel): SunspecModel {
  const values = new Map(commonModel(about).group.points.map(({ name, value }) => [name, value]));
  const points = common.group.points.map((point) => {
    const value = point.value ?? values.get(point.name);
    return value === undefined ? point : { ...point, value };
  });
  return { ...common, group: { ...common.group, points } };
}
