import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
/** Where Modbus/TCP Security has the role in a certificate. */
const ROLE = '1.3.6.1.4.1.50316.802.1';

/** In DER, as openssl's own way to write it takes no line feeds; of at most 127 bytes. */
function utf8String(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.from([0x0c, bytes.length, ...bytes]);
}

function openssl(folder: string, args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
}

interface Subject {
  role?: string;
  /** Encrypts the private key. */
  passphrase?: string;
}

/** Certificates of a CA of their own, as `NAME.pem` and `NAME.key` in a folder; begins with `ca` and `server`. */
export class Certificates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    const files = ['-nodes', '-keyout', 'ca.key', '-out', 'ca.pem'];
    openssl(folder, ['req', '-x509', ...NEW_KEY, ...files, '-subj', '/CN=test CA', '-days', '2']);
    this.issue('server');
  }

  issue(name: string, { role, passphrase }: Subject = {}): void {
    const extensions = [
      'subjectAltName=IP:127.0.0.1',
      ...(role === undefined ? [] : [`${ROLE}=DER:${utf8String(role).toString('hex')}`]),
    ];
    openssl(this.#folder, [
      ...['req', '-x509', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.pem`],
      ...['-subj', `/CN=${name}`, '-days', '2', '-CA', 'ca.pem', '-CAkey', 'ca.key'],
      ...[...extensions, 'basicConstraints=critical,CA:false'].flatMap((extension) => ['-addext', extension]),
      ...(passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`]),
    ]);
  }

  /** A list of what the CA has revoked, if anything, as `ca.crl`. */
  revocationList(revoked?: string): void {
    writeFileSync(
      join(this.#folder, 'ca.cnf'),
      '[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\ndefault_md = sha256\n',
    );
    writeFileSync(join(this.#folder, 'index.txt'), '');
    const files = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-out', 'ca.crl'];
    if (revoked !== undefined) openssl(this.#folder, ['ca', '-revoke', `${revoked}.pem`, ...files.slice(0, -2)]);
    openssl(this.#folder, ['ca', '-gencrl', ...files, '-crldays', '2']);
  }

  /** A client with this certificate, or without one, once its side of the handshake is done. */
  connected(port: number, name?: string): Promise<TLSSocket> {
    const read = (file: string) => readFileSync(join(this.#folder, file));
    const own = name === undefined ? {} : { cert: read(`${name}.pem`), key: read(`${name}.key`) };
    return new Promise((resolve, reject) => {
      const socket: TLSSocket = connect({ host: '127.0.0.1', port, ca: read('ca.pem'), ...own }, () => resolve(socket));
      socket.once('error', reject);
    });
  }
}
