import { DEFAULT_HOST, DEFAULT_TLS_PORT, formatEndpoint, lineSettings, type Unit } from 'busbar';
import type { Listener, SerialListener, TlsListener } from '../listeners/schema.js';
import { pollsToTry } from './polls.js';

/** Commands of common tools that reach this listener; empty if no common tool can. */
export function commandsToTry(listener: Listener, units: readonly Unit[]): string[] {
  if (listener.type === 'tls') return [handshake(listener)];
  const isMbap = listener.framing === undefined || listener.framing === 'mbap';
  if (listener.type === 'tcp' && isMbap) {
    const { host = DEFAULT_HOST, port } = listener;
    return poll(`-m tcp -p ${port}`, reachable(host), listener, units);
  }
  return listener.type === 'serial' && listener.framing !== 'ascii' ? onLine(listener, units) : [];
}

/** mbpoll commands for some of the units' data; -0 makes it count from 0, as the protocol does. */
function poll(mode: string, target: string, { functions }: Listener, units: readonly Unit[]): string[] {
  return pollsToTry(units, functions).map(({ unit, type, start, count, written }) => {
    const what = `mbpoll ${mode} -a ${unit.id} -0 -t ${type} -r ${start}`;
    return written === undefined ? `${what} -c ${Math.min(count, 10)} -1 ${target}` : `${what} ${target} ${written}`;
  });
}

/** Run at the other end of the line, whose port is not known here. Unit id 0 means broadcast there. */
function onLine(listener: SerialListener, units: readonly Unit[]): string[] {
  const { baudRate, parity, stopBits } = lineSettings(listener);
  const addressed = units.filter(({ id }) => id > 0);
  const mode = `-m rtu -b ${baudRate} -P ${parity} -s ${stopBits}`;
  return poll(mode, 'PORT', listener, addressed).map((command) => `${command}   (PORT: the other end of the line)`);
}

/** Only the handshake, since no common tool speaks Modbus over TLS. */
function handshake({ host = DEFAULT_HOST, port = DEFAULT_TLS_PORT, caFile, ...listener }: TlsListener): string {
  const authority = caFile === undefined ? '' : ` -CAfile ${caFile}`;
  const own = listener.requireClientCertificate === false ? '' : ' -cert CLIENT.PEM -key CLIENT.KEY';
  return `openssl s_client -connect ${formatEndpoint(reachable(host), port)}${authority}${own}`;
}

/** Where a client on this machine reaches a listener. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
