import type { Draft } from '../../draft/draft.js';
import type { Notes } from '../notes.js';
import type { PymodbusServer } from './schema.js';

const PARITIES = { N: 'none', E: 'even', O: 'odd' } as const;

/** Names of the identity's objects. */
const IDENTITY = {
  VendorName: 'vendorName',
  ProductCode: 'productCode',
  MajorMinorRevision: 'majorMinorRevision',
  VendorUrl: 'vendorUrl',
  ProductName: 'productName',
  ModelName: 'modelName',
  UserApplicationName: 'userApplicationName',
} as const;

/** Keys that `listenerOf` and `unknownUnitOf` understand. */
const UNDERSTOOD = [
  ...['comm', 'host', 'port', 'framer', 'device_id', 'ignore_missing_devices', 'certfile', 'keyfile'],
  ...['baudrate', 'bytesize', 'parity', 'stopbits', 'identity'],
];

/** The listener in place of a server of pymodbus. */
export function listenerOf(server: PymodbusServer, notes: Notes): object {
  const { comm, port, framer } = server;
  for (const key of Object.keys(server)) {
    if (!UNDERSTOOD.includes(key)) notes.add('keys of the server that are left out', key);
  }
  if (comm === 'serial') return serialListener(server);
  const framing = framer === 'rtu' || framer === 'ascii' ? { framing: framer } : {};
  const place = {
    type: comm,
    ...(server.host !== undefined && { host: server.host || '0.0.0.0' }),
    port: Number(port),
  };
  if (comm !== 'tls') return { ...place, ...framing };
  const { certfile = 'server.pem', keyfile = 'server.key' } = server;
  notes.add(
    'clients need no certificate, as in pymodbus; set requireClientCertificate to true for Modbus/TCP Security',
    comm,
  );
  return { ...place, certFile: certfile, keyFile: keyfile, requireClientCertificate: false, ...framing };
}

function serialListener({ port, framer, baudrate, bytesize, parity, stopbits }: PymodbusServer): object {
  return {
    type: 'serial',
    path: String(port),
    ...(baudrate !== undefined && { baudRate: baudrate }),
    ...(bytesize !== undefined && { dataBits: bytesize }),
    ...(parity !== undefined && { parity: PARITIES[parity] }),
    ...(stopbits !== undefined && { stopBits: stopbits }),
    ...(framer === 'ascii' && { framing: framer }),
  };
}

/** Without a `device_id`, pymodbus serves its device under every unit id. */
export function unknownUnitOf({
  comm,
  device_id: id,
  ignore_missing_devices: ignored,
}: PymodbusServer): Pick<Draft, 'unknownUnit'> {
  if (id === undefined) return { unknownUnit: 'any' };
  return ignored === true && comm !== 'serial' ? { unknownUnit: 'silent' } : {};
}

/** All three basic objects, or none: the others need them. */
export function identityOf({ identity = {} }: PymodbusServer): { identity?: Record<string, string> } {
  const objects = Object.entries(IDENTITY).flatMap(([theirs, ours]): [string, string][] => {
    const text = identity[theirs];
    return typeof text === 'string' && text !== '' ? [[ours, text]] : [];
  });
  if (objects.length === 0) return {};
  return { identity: { vendorName: '', productCode: '', majorMinorRevision: '', ...Object.fromEntries(objects) } };
}
