// A server that shares a unit and moves it while it leads, to be halted: `node leader.mjs PORT NAME LEASE`. It prints
// what happens to it.
import { Unit } from 'busbar';
import { SharedImage } from 'busbar/sharing';
import { Redis } from 'ioredis';

const [port, name, lease] = process.argv.slice(2);
const redis = new Redis({ port: Number(port), host: '127.0.0.1', lazyConnect: true });
const image = await SharedImage.join({ redis, image: 'plant', lease: Number(lease), commandTimeout: 5000 });
const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 4 }] });
image.on('lead', () => console.log('leads'));
image.on('follow', () => console.log('follows'));
image.on('refused', ({ change }) => console.log('refused', JSON.stringify(change)));
await image.share(unit);
console.log('ready');

// As a simulation that does not know that it was halted: it asks once, and then sets.
process.stdin.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
  for (const value of text.trim().split('\n').map(Number)) {
    unit.as('simulator', () => unit.holdingRegisters.set(Number(name), value));
    console.log('set', value);
  }
});
