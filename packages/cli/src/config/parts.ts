// Looks into a config that has not been checked yet.

export function valueAt(owner: unknown, key: string | number): unknown {
  return typeof owner === 'object' && owner !== null && Object.hasOwn(owner, key) ? Reflect.get(owner, key) : undefined;
}

export function numberAt(owner: unknown, key: string): number | undefined {
  const value = valueAt(owner, key);
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

export function entries(owner: unknown, key: string | number | undefined): readonly unknown[] {
  const value = valueAt(owner, String(key));
  return Array.isArray(value) ? value : [];
}
