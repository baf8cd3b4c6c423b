import { isIP } from 'node:net';
import type { Command } from 'commander';
import type { CertsOptions } from '../certs/make.js';
import { roleFile } from '../certs/role-file.js';
import { listSetting, switchSetting, valueSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { addCommand, addSettings, refuseWords } from './shared.js';

const MAX_DAYS = 3650;
const MAX_ROLE_LENGTH = 64;

const OUT = valueSetting('--out DIR', 'folder for the files (certs)', (text) => text, 'certs');
const HOST = listSetting(
  '--host NAME',
  'a name or IP address of the server, beside localhost, 127.0.0.1 and ::1; may be given several times',
  hostName,
);
const ROLE = listSetting(
  '--role ROLE',
  'makes client-ROLE.pem, for a client with this role; may be given several times. client.pem has none',
  roleName,
);
const DAYS = valueSetting('--days N', 'how long they are valid (365)', days, 365);
const FORCE = switchSetting('--force', 'replace files that exist');

const DESCRIPTION =
  'Makes what a first try of Modbus/TCP Security needs: a certificate authority, a server certificate of it, ' +
  'and client certificates, each with its private key, in PEM. They are for tests: real ones come from an ' +
  'authority of yours.';

const NOTES = `
Exit codes: 0 made, 1 failed (such as files that exist), 2 wrong usage.

Examples:
  busbar certs --role operator --role viewer
  busbar serve --tls :8802 --cert certs/server.pem --key certs/server.key --ca certs/ca.pem`;

/** `busbar certs` */
export function addCerts(program: Command): void {
  const command = addCommand(program, 'certs', 'make certificates for a first try of TLS');
  command.description(DESCRIPTION).addHelpText('after', NOTES);
  addSettings(command, [OUT, HOST, ROLE, DAYS, FORCE]);
  refuseWords(command, 'a folder for the files is given with --out DIR');
  command.action(async () => {
    const options = certsOptions(command);
    const { makeCertificates } = await import('../certs/make.js');
    process.exitCode = await makeCertificates(options);
  });
}

/** Reads its options. @throws UsageError */
export function certsOptions(command: Command): CertsOptions {
  return {
    out: OUT.of(command),
    hosts: [...new Set(HOST.of(command))],
    roles: withOwnFiles([...new Set(ROLE.of(command))]),
    days: DAYS.of(command),
    force: FORCE.of(command),
  };
}

function hostName(host: string, flag: string): string {
  const isName = /^(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/i.test(host) && host.length <= 253;
  // Digits and dots alone are meant as an address.
  if (isIP(host) > 0 || (isName && !/^[\d.]+$/.test(host))) return host;
  throw new UsageError(`${flag} takes a host name or an IP address, without a port, not "${host}"`);
}

function roleName(role: string, flag: string): string {
  if (role.length <= MAX_ROLE_LENGTH) return role;
  throw new UsageError(`${flag} takes ${MAX_ROLE_LENGTH} characters at most: "${role}"`);
}

function withOwnFiles(roles: string[]): string[] {
  const byFile = new Map<string, string>();
  for (const role of roles) {
    const file = roleFile(role);
    const other = byFile.get(file);
    if (other !== undefined) {
      throw new UsageError(`${ROLE.flag} "${other}" and "${role}" would have the same file, ${file}.pem`);
    }
    byFile.set(file, role);
  }
  return roles;
}

function days(text: string, flag: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_DAYS) return number;
  throw new UsageError(`${flag} takes a whole number from 1 to ${MAX_DAYS}, not "${text}"`);
}
