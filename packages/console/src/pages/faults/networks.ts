/** An address as a number, and how many bits it has. */
interface Bits {
  readonly value: bigint;
  readonly size: 32 | 128;
}

/** Whether an address is another, or in a network such as `192.168.1.0/24` or `fd00::/8`. */
export function isIn(address: string, network: string): boolean {
  const [first = '', length] = network.split('/');
  const [one, other] = [bitsOf(address), bitsOf(first)];
  if (one === undefined || other === undefined || one.size !== other.size) return false;
  const ignored = BigInt(one.size - Math.min(one.size, Number(length ?? one.size) || 0));
  return one.value >> ignored === other.value >> ignored;
}

function bitsOf(address: string): Bits | undefined {
  const [text = ''] = address.split('%');
  if (text.includes(':')) return sixBits(text);
  const bytes = text.split('.').map(Number);
  const isAddress = bytes.length === 4 && bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  return isAddress ? { value: joined(bytes, 8n), size: 32 } : undefined;
}

/** IPv6, in which `::` stands for zeros. */
function sixBits(text: string): Bits | undefined {
  const [head = '', tail] = text.split('::');
  const [before, behind] = [groupsOf(head), groupsOf(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - before.length - behind.length;
  const groups = [...before, ...Array<number>(Math.max(0, missing)).fill(0), ...behind];
  return groups.length === 8 && !groups.some(Number.isNaN) ? { value: joined(groups, 16n), size: 128 } : undefined;
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function joined(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) | BigInt(part), 0n);
}
