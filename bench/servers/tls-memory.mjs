// Busbar over TLS, which collects garbage when it is asked, and then says so.
import { ModbusTlsServer, Unit } from 'busbar';

const [certFile, keyFile, caFile] = process.argv.slice(2);
const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });
const server = new ModbusTlsServer({ units: [unit], host: '127.0.0.1', port: 0, certFile, keyFile, caFile });
await server.listen();

process.on('message', () => {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  process.send?.('collected');
});
process.send?.({ port: server.address()?.port });
