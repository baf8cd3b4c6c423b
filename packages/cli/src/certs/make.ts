import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeProblem } from '../ground/files.js';
import { print } from '../ground/output.js';
import { type KeyAndCertificate, TestAuthority } from './authority.js';
import { roleFile } from './role-file.js';

/** Where every server of this machine can be reached from it. */
const OWN_HOSTS = ['localhost', '127.0.0.1', '::1'];
/** Only its owner may read a private key. */
const KEY_MODE = 0o600;
const CERTIFICATE_MODE = 0o644;

interface MadeFile {
  name: string;
  text: string;
  mode: number;
}

/** What certificates to make. */
export interface CertsOptions {
  /** Folder for the files. */
  out: string;
  /** Names and addresses of the server, beside those of this machine. */
  hosts: readonly string[];
  /** A client certificate is made for each, beside one without a role. */
  roles: readonly string[];
  /** How long the certificates are valid. */
  days: number;
  /** Files that exist are replaced. */
  force: boolean;
}

/** Makes the files, and prints what they are for. @returns the exit code. */
export async function makeCertificates(options: CertsOptions): Promise<number> {
  const files = await makeFiles(options);
  // All files or none, as far as that can be foreseen: new certificates do not fit old ones.
  const existing = files.map(({ name }) => join(options.out, name)).filter((path) => existsSync(path));
  if (existing.length > 0 && !options.force) {
    process.stderr.write(
      `busbar: there is ${existing.join(', ')} already; --force replaces what is there, --out DIR writes elsewhere\n`,
    );
    return 1;
  }
  try {
    writeFiles(files, options);
  } catch (error) {
    process.stderr.write(`busbar: --out ${options.out}: can't be written: ${writeProblem(error)}\n`);
    return 1;
  }
  return await print(summary(options));
}

async function makeFiles({ hosts, roles, days }: CertsOptions): Promise<MadeFile[]> {
  const authority = await TestAuthority.create(days);
  const files = [
    ...filesOf('ca', authority.own),
    ...filesOf('server', await authority.issueServer([...new Set([...OWN_HOSTS, ...hosts])])),
    ...filesOf('client', await authority.issueClient(undefined)),
  ];
  for (const role of roles) files.push(...filesOf(roleFile(role), await authority.issueClient(role)));
  return files;
}

function filesOf(name: string, { certificate, key }: KeyAndCertificate): MadeFile[] {
  return [
    { name: `${name}.pem`, text: certificate, mode: CERTIFICATE_MODE },
    { name: `${name}.key`, text: key, mode: KEY_MODE },
  ];
}

function writeFiles(files: readonly MadeFile[], { out }: CertsOptions): void {
  makeFolder(resolve(out));
  for (const { name, text, mode } of files) {
    // A file that exists would keep its mode, and a link would lead elsewhere.
    rmSync(join(out, name), { force: true });
    writeFileSync(join(out, name), text, { mode, flag: 'wx' });
  }
}

/** Makes folders one by one: where none can be made, as under /proc, Node's recursive way never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function summary({ out, hosts, roles, days }: CertsOptions): string {
  const path = (name: string) => join(out, name);
  const rows = [
    ['ca', 'the certificate authority; its key makes clients of any role, so keep it to yourself'],
    ['server', `for the server at ${[...OWN_HOSTS, ...hosts].join(', ')}`],
    ['client', 'for a client without a role'],
    ...roles.map((role) => [roleFile(role), `for a client with the role ${JSON.stringify(role)}`]),
  ];
  const width = Math.max(...rows.map(([name]) => path(name).length));
  const made = rows.map(([name, what]) => `  ${path(name).padEnd(width)}  ${what}`).join('\n');
  const client = path(roles.length > 0 ? roleFile(roles[0]) : 'client');
  const files = `--cert ${path('server.pem')} --key ${path('server.key')} --ca ${path('ca.pem')}`;
  return `Made for tests, valid ${days} ${days === 1 ? 'day' : 'days'}, each a certificate (.pem) and its private key (.key):
${made}

Serve with them:
  busbar serve --tls 127.0.0.1:8802 ${files}
Connect to it from another terminal:
  openssl s_client -connect 127.0.0.1:8802 -CAfile ${path('ca.pem')} -cert ${client}.pem -key ${client}.key
`;
}
