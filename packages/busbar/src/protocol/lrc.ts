/** LRC of `bytes[start..end)`: two's complement of their sum (SL, clause 2.5.2.2); 0 if they end with their own LRC. */
export function lrc(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += bytes[i];
  return -sum & 0xff;
}
