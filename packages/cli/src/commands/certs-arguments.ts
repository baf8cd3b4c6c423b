import { isIP } from 'node:net';
import { UsageError } from '../ground/usage-error.js';

export interface CertsOptions {
  /** Folder for the files. */
  out: string;
  /** Names and addresses of the server, beside those of this machine. */
  hosts: string[];
  /** A client certificate is made for each, beside one without a role. */
  roles: string[];
  /** How long the certificates are valid. */
  days: number;
  /** Files that exist are replaced. */
  force: boolean;
}

/** The options of `busbar certs`, as `parseArgs` takes them. */
export const CERTS_OPTIONS = {
  out: { type: 'string' },
  host: { type: 'string', multiple: true },
  role: { type: 'string', multiple: true },
  days: { type: 'string' },
  force: { type: 'boolean' },
} as const;

const DEFAULT_OUT = 'certs';
const DEFAULT_DAYS = 365;
const MAX_DAYS = 3650;
const MAX_ROLE_LENGTH = 64;

export function certsOptions(given: ReadonlyMap<string, readonly string[]>): CertsOptions {
  return {
    out: given.get('out')?.[0] ?? DEFAULT_OUT,
    hosts: [...new Set(given.get('host') ?? [])].map(checkHost),
    roles: checkRoles([...new Set(given.get('role') ?? [])]),
    days: checkDays(given.get('days')?.[0]),
    force: given.has('force'),
  };
}

function checkHost(host: string): string {
  const isName = /^(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i.test(host) && host.length <= 253;
  // Digits and dots alone are meant as an address.
  if (isIP(host) > 0 || (isName && !/^[\d.]+$/.test(host))) return host;
  throw new UsageError(`--host takes a host name or an IP address, without a port, not "${host}"`);
}

function checkRoles(roles: string[]): string[] {
  const byFile = new Map<string, string>();
  for (const role of roles) {
    if (role.length > MAX_ROLE_LENGTH)
      throw new UsageError(`--role takes ${MAX_ROLE_LENGTH} characters at most: "${role}"`);
    const file = roleFile(role);
    const other = byFile.get(file);
    if (other !== undefined)
      throw new UsageError(`--role "${other}" and "${role}" would have the same file, ${file}.pem`);
    byFile.set(file, role);
  }
  return roles;
}

/** Name of the files of a role's client, without their extension; it is good for every file system. */
export function roleFile(role: string): string {
  return `client-${role.toLowerCase().replace(/[^a-z0-9_.-]/g, '_')}`;
}

function checkDays(text: string | undefined): number {
  if (text === undefined) return DEFAULT_DAYS;
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= MAX_DAYS) return days;
  throw new UsageError(`--days takes a whole number from 1 to ${MAX_DAYS}, not "${text}"`);
}
