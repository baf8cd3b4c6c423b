// Serves, and tells of descriptors; time goes fifty times as fast for it.
const { setInterval: interval } = globalThis;
globalThis.setInterval = (callback, ms, ...rest) => interval(callback, ms / 50, ...rest);
const { ModbusTcpServer, Unit } = await import('busbar');

const server = new ModbusTcpServer({ units: [new Unit({ id: 1 })], port: 0 });
const tell = (what) => console.log(JSON.stringify(what));
server.on('descriptorsExhausted', ({ code }) => tell({ event: 'exhausted', code }));
server.on('descriptorsFreed', () => tell({ event: 'freed', shortages: server.counters.descriptorShortages }));
await server.listen();
tell({ port: server.address().port });
