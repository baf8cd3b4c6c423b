import { networkInterfaces } from 'node:os';

/** Where a listener listens, as people write it. */
export interface Endpoint {
  /** Absent: every address of the machine. */
  host?: string;
  port: number;
}

/** Reads `127.0.0.1:5020`, `localhost:5020`, `[::1]:5020` or `:5020` (every address); a text says what is wrong. */
export function parseEndpoint(text: string): Endpoint | string {
  const match = /^(?:\[(?<six>[^[\]]*)\]|(?<host>[^:[\]]*)):(?<port>[^:]*)$/.exec(text);
  if (!match?.groups) return endpointHint(text);
  const { six, host, port } = match.groups;
  const number = Number(port);
  if (port === undefined || !/^\d{1,5}$/.test(port) || number > 65535) {
    return `the port must be a whole number from 0 to 65535, not "${port}"`;
  }
  const name = six ?? host ?? '';
  if (six !== undefined && !six.includes(':')) return `"${six}" is no IPv6 address`;
  if (/\s/.test(name)) return `"${name}" is no host name or address`;
  return name === '' ? { port: number } : { host: name, port: number };
}

function endpointHint(text: string): string {
  if (/^\d+$/.test(text) && Number(text) > 65535) return `"${text}" is no port: the highest is 65535`;
  if (/^\d+$/.test(text)) return `"${text}" has no host: write 127.0.0.1:${text}, or :${text} for every address`;
  if (/^\[[^[\]]*\]$/.test(text)) return `"${text}" has no port: write ${text}:5020`;
  if (text.split(':').length > 2) return `"${text}": write an IPv6 address in brackets, as in [::1]:5020`;
  return `"${text}" has no port: write ${text || '127.0.0.1'}:5020`;
}

/** Whether listening on both at once cannot work: the same port on the same or on every address. */
export function endpointsConflict(a: Required<Endpoint>, b: Required<Endpoint>): boolean {
  if (a.port !== b.port || a.port === 0) return false;
  const [one, other] = [a.host.toLowerCase(), b.host.toLowerCase()];
  if (one === other || one === '::' || other === '::') return true;
  const sixOnly = one.includes(':') || other.includes(':');
  return (one === '0.0.0.0' || other === '0.0.0.0') && !sixOnly;
}

/** The host that stands for every address, IPv6 included where the machine has it. */
export function everyAddress(): string {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return interfaces.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
