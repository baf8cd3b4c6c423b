/** Keys and indexes that lead to a value of a config. */
export type Path = readonly (string | number)[];

/** `units[0].holdingRegisters[1].start` */
export function formatPath(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}
