import { text } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

const BASIC = `id:00 length:04 ${text('Acme')} id:01 length:03 ${text('B-1')} id:02 length:03 ${text('1.0')}`;
const REGULAR =
  `id:03 length:10 ${text('http://a.example')} id:04 length:06 ${text('Boiler')} ` +
  `id:05 length:05 ${text('Mk II')} id:06 length:07 ${text('Heating')}`;
const PRIVATE = `id:80 length:04 ${text('text')} id:81 length:02 00FF`;

/** Function code 2B with MEI type 0E. */
export const readDeviceIdentification: VectorTable = {
  code: '2B',
  name: 'read device identification',
  wellFormed: ['fc:2B mei:0E code:01 object:00'],
  vectors: [
    {
      title: 'streams the basic objects',
      request: 'fc:2B mei:0E code:01 object:00',
      reply: `fc:2B mei:0E code:01 conformity:83 moreFollows:00 next:00 objects:03 ${BASIC}`,
    },
    {
      title: 'streams the basic objects from the second',
      request: 'fc:2B mei:0E code:01 object:01',
      reply: `fc:2B mei:0E code:01 conformity:83 moreFollows:00 next:00 objects:02 id:01 length:03 ${text('B-1')} id:02 length:03 ${text('1.0')}`,
    },
    {
      title: 'streams the last basic object',
      request: 'fc:2B mei:0E code:01 object:02',
      reply: `fc:2B mei:0E code:01 conformity:83 moreFollows:00 next:00 objects:01 id:02 length:03 ${text('1.0')}`,
    },
    {
      title: 'starts a stream over at 00 for an object that it does not know',
      request: 'fc:2B mei:0E code:01 object:7F',
      reply: `fc:2B mei:0E code:01 conformity:83 moreFollows:00 next:00 objects:03 ${BASIC}`,
    },
    {
      title: 'streams the basic and regular objects',
      request: 'fc:2B mei:0E code:02 object:00',
      reply: `fc:2B mei:0E code:02 conformity:83 moreFollows:00 next:00 objects:07 ${BASIC} ${REGULAR}`,
    },
    {
      title: 'streams regular objects from the one asked for',
      request: 'fc:2B mei:0E code:02 object:06',
      reply: `fc:2B mei:0E code:02 conformity:83 moreFollows:00 next:00 objects:01 id:06 length:07 ${text('Heating')}`,
    },
    {
      title: 'streams all objects and says what follows, cutting none',
      request: 'fc:2B mei:0E code:03 object:00',
      reply: `fc:2B mei:0E code:03 conformity:83 moreFollows:FF next:C8 objects:09 ${BASIC} ${REGULAR} ${PRIVATE}`,
    },
    {
      title: 'goes on where the first reply ended',
      request: 'fc:2B mei:0E code:03 object:C8',
      reply: `fc:2B mei:0E code:03 conformity:83 moreFollows:FF next:FF objects:01 id:C8 length:F0 ${text('x'.repeat(240))}`,
    },
    {
      title: 'ends the stream with the last object',
      request: 'fc:2B mei:0E code:03 object:FF',
      reply: `fc:2B mei:0E code:03 conformity:83 moreFollows:00 next:00 objects:01 id:FF length:04 ${text('last')}`,
    },
    {
      title: 'reads one basic object',
      request: 'fc:2B mei:0E code:04 object:00',
      reply: `fc:2B mei:0E code:04 conformity:83 moreFollows:00 next:00 objects:01 id:00 length:04 ${text('Acme')}`,
    },
    {
      title: 'reads one private object',
      request: 'fc:2B mei:0E code:04 object:81',
      reply: 'fc:2B mei:0E code:04 conformity:83 moreFollows:00 next:00 objects:01 id:81 length:02 00FF',
    },
    {
      title: 'refuses one object that it does not know',
      request: 'fc:2B mei:0E code:04 object:82',
      reply: 'fc:AB exception:02',
    },
    { title: 'refuses one reserved object', request: 'fc:2B mei:0E code:04 object:07', reply: 'fc:AB exception:02' },
    { title: 'refuses read device id code 00', request: 'fc:2B mei:0E code:00 object:00', reply: 'fc:AB exception:03' },
    { title: 'refuses read device id code 05', request: 'fc:2B mei:0E code:05 object:00', reply: 'fc:AB exception:03' },
    { title: 'refuses read device id code FF', request: 'fc:2B mei:0E code:FF object:00', reply: 'fc:AB exception:03' },
    {
      title: 'checks the code before the object',
      request: 'fc:2B mei:0E code:05 object:82',
      reply: 'fc:AB exception:03',
    },
    {
      title: 'refuses MEI type 0D, which nobody handles',
      request: 'fc:2B mei:0D data:00',
      reply: 'fc:AB exception:01',
    },
    { title: 'refuses MEI type 00', request: 'fc:2B mei:00', reply: 'fc:AB exception:01' },
    { title: 'refuses MEI type 0F', request: 'fc:2B mei:0F code:01 object:00', reply: 'fc:AB exception:01' },
    { title: 'refuses MEI type FF', request: 'fc:2B mei:FF code:01 object:00', reply: 'fc:AB exception:01' },
    {
      title: 'answers a unit with basic objects at its level: regular asked for',
      unit: 2,
      request: 'fc:2B mei:0E code:02 object:00',
      reply: `fc:2B mei:0E code:02 conformity:81 moreFollows:00 next:00 objects:03 ${BASIC}`,
    },
    {
      title: 'answers a unit with basic objects at its level: extended asked for',
      unit: 2,
      request: 'fc:2B mei:0E code:03 object:00',
      reply: `fc:2B mei:0E code:03 conformity:81 moreFollows:00 next:00 objects:03 ${BASIC}`,
    },
  ],
};
