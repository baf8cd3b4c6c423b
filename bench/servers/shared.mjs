// The server of busbar.mjs, with its unit in an image on the Redis whose URL is the first argument.
import { ModbusTcpServer, Unit } from 'busbar';
import { SharedImage } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { announce, registerValues } from './common.mjs';

const redis = new Redis(process.argv[2]);
// Patient, so that other work on the machine does not make Redis seem away.
const image = await SharedImage.join({ redis, image: 'bench', commandTimeout: 5000 });
image.on('away', ({ error }) => console.error(error.message));
const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: registerValues }] });
await image.share(unit);
const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
await server.listen();
announce(server);
