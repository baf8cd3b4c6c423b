const grouped = new Intl.NumberFormat('en');

/** `12,345`. */
export function count(value: number): string {
  return grouped.format(value);
}

/** `1 point`, `2 points`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `950 B`, `1.2 kB`. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  return value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

/** A register: `0x028A`. */
export function hex(value: number, digits = 4): string {
  return `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
}
