import { byte, text } from './hex.js';

const OBJECTS = new Map([
  [0x00, text('Acme')],
  [0x01, text('B-1')],
  [0x02, text('1.0')],
  [0x03, text('http://a.example')],
  [0x04, text('Boiler')],
  [0x05, text('Mk II')],
  [0x06, text('Heating')],
  [0x80, text('text')],
  [0x81, '00FF'],
  [0xc8, text('x'.repeat(240))],
  [0xff, text('last')],
]);

/** What the device under test answers to function 2B: data of a reply, or an exception code. */
export function identify(pdu: Uint8Array): string | number | RegExp {
  const [, mei, code = 0, asked = 0] = pdu;
  if (mei === undefined) return 3;
  if (mei !== 0x0e) return 1;
  if (pdu.length !== 4 || code < 1 || code > 4) return 3;
  if (code === 4) {
    const value = OBJECTS.get(asked);
    return value === undefined ? 2 : `0E0483000001${byte(asked)}${byte(value.length / 2)}${value}`;
  }
  // An object of a higher category than the one asked for: the document does not say where the stream starts.
  if (OBJECTS.has(asked) && asked > lastOf(code)) return /^2B0E0[12]8300/;
  const ids = [...OBJECTS.keys()].filter((id) => id <= lastOf(code) && id >= (OBJECTS.has(asked) ? asked : 0));
  return stream(code, ids);
}

function lastOf(code: number): number {
  return [0, 0x02, 0x7f, 0xff][code] ?? 0;
}

function stream(code: number, ids: number[]): string {
  let objects = '';
  for (const [index, id] of ids.entries()) {
    const value = OBJECTS.get(id) ?? '';
    if (7 + objects.length / 2 + 2 + value.length / 2 > 253)
      return `0E${byte(code)}83FF${byte(id)}${byte(index)}${objects}`;
    objects += byte(id) + byte(value.length / 2) + value;
  }
  return `0E${byte(code)}830000${byte(ids.length)}${objects}`;
}
