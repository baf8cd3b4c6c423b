import type { SecureContext, SecureContextOptions, Server } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { checkOptions } from '../../checks.js';
import { asError, BusbarError, OptionsError } from '../../errors.js';
import { tls } from './builtins.js';
import { CERTIFICATE_CHECKS, type TlsCertificateOptions } from './certificates.js';
import { type Credentials, loadNow, loadSoon, newTicketKeys, type SecureContextInput, useContext } from './context.js';
import { type TlsHost, tellExpiry } from './events.js';
import { ExpiryWatch } from './expiry.js';
import { FileWatch } from './file-watch.js';
import { certificateFiles } from './files.js';
import { Trust } from './trust.js';

/** A server that uses the credentials. */
interface User {
  readonly server: Server;
  readonly host: TlsHost;
}

/** Reads the files of a server, and checks that they make a context. @throws OptionsError */
export function checkCredentials(options: SecureContextInput): Credentials {
  const credentials = loadNow(options);
  useContext(tls().createServer(), credentials.context);
  return credentials;
}

/** The certificates of a running TLS server: reloads them, and watches their expiry. */
export class LiveCredentials {
  readonly #options: SecureContextInput;
  readonly #watchFiles: boolean;
  readonly #changed: () => void;
  #input: SecureContextInput;
  #credentials: Credentials;
  #trust: Trust | undefined;
  #expiry: ExpiryWatch | undefined;
  /** Everything that expired up to this time is known. */
  #checkedUntil = 0;
  #user: User | undefined;
  /** The last content of the files was faulty, and the program knows it. */
  #failed = false;
  #watch: FileWatch | undefined;

  /** @param changed called when clients must be checked again. */
  constructor(options: SecureContextInput, credentials: Credentials, watchFiles: boolean, changed: () => void) {
    this.#options = options;
    this.#watchFiles = watchFiles;
    this.#changed = changed;
    this.#input = options;
    this.#credentials = credentials;
  }

  /** Makes a server use them before it listens. */
  use(server: Server): void {
    useContext(server, this.context);
  }

  get context(): SecureContextOptions | SecureContext {
    return this.#credentials.context;
  }

  /** Undefined: the program gave a context of its own. */
  get trust(): Trust | undefined {
    return this.#trust;
  }

  /** Reloads the files, which may have changed since the program created the server. */
  async refresh(): Promise<void> {
    this.#take(await loadSoon(this.#input));
  }

  /** The server listens. */
  begin(server: Server, host: TlsHost): void {
    this.#user = { server, host };
    this.#startWatch();
    this.#tellOpenKey();
    this.checkTimes(Date.now());
  }

  end(): void {
    this.#watch?.stop();
    this.#user = undefined;
  }

  reload(certificates: TlsCertificateOptions | undefined): void {
    if (certificates !== undefined) checkOptions(certificates, CERTIFICATE_CHECKS, ['certificates']);
    if (this.#options.secureContext !== undefined) {
      throw new OptionsError(['secureContext'], 'there are no files to reload, because the server was given a context');
    }
    const { minVersion, requireClientCertificate, weakKeys } = this.#options;
    const input =
      certificates === undefined ? this.#input : { ...certificates, minVersion, requireClientCertificate, weakKeys };
    this.#replace(loadNow(input));
    if (input === this.#input) return;
    this.#input = input;
    if (this.#user !== undefined) this.#startWatch();
  }

  /** What has expired since the last check, by OpenSSL's name for it. */
  endedSinceCheck(now: number): string | undefined {
    return this.#trust?.endedSince(this.#checkedUntil, now);
  }

  /** If something has expired, earlier sessions cannot be resumed any more. The program gets warnings in time. */
  checkTimes(now: number): void {
    const ended = this.#trust?.endedSince(this.#checkedUntil, now);
    this.#checkedUntil = now;
    if (ended !== undefined) {
      this.#user?.server.setTicketKeys(newTicketKeys());
      this.#changed();
    }
    this.#expiry?.check(now);
  }

  #startWatch(): void {
    this.#watch?.stop();
    const files = certificateFiles(this.#input);
    this.#watch =
      this.#watchFiles && files.length > 0 ? new FileWatch(files, (isStill) => this.#filesChanged(isStill)) : undefined;
  }

  async #filesChanged(isStill: () => Promise<boolean>): Promise<void> {
    const [user, input] = [this.#user, this.#input];
    // Otherwise the server was closed or given other certificates, or the files changed while being read.
    const isWanted = async () => (await isStill()) && user === this.#user && input === this.#input;
    try {
      const credentials = await loadSoon(input);
      if (await isWanted()) this.#replace(credentials);
    } catch (error) {
      if (!(await isWanted())) return;
      this.#failed = true;
      user?.host.fail(asError(error));
    }
  }

  #replace(credentials: Credentials): void {
    const isMended = this.#failed;
    this.#failed = false;
    if (isSame(credentials, this.#credentials)) {
      if (isMended) this.#user?.host.tell('certificatesReloaded');
      return;
    }
    useContext(this.#user?.server ?? tls().createServer(), credentials.context);
    this.#take(credentials);
    this.#user?.host.tell('certificatesReloaded');
    this.#tellOpenKey();
    this.#changed();
    this.checkTimes(Date.now());
  }

  #take(credentials: Credentials): void {
    const { certificates } = credentials;
    this.#credentials = credentials;
    this.#trust = certificates && new Trust(certificates);
    this.#checkedUntil = Date.now();
    this.#expiry =
      certificates &&
      new ExpiryWatch(certificates, (event) => {
        if (this.#user !== undefined) tellExpiry(this.#user.host, event);
      });
  }

  #tellOpenKey(): void {
    const { openKey } = this.#credentials;
    if (openKey === undefined) return;
    const message = `${openKey}: every user of this machine may read the private key: run chmod o-r on it, and consider a new key`;
    this.#user?.host.tell('warning', new BusbarError('PRIVATE_KEY_READABLE', message));
  }
}

/** Only the ticket keys differ, which are new in every context. */
function isSame({ context: a }: Credentials, { context: b }: Credentials): boolean {
  return isDeepStrictEqual({ ...a, ticketKeys: undefined }, { ...b, ticketKeys: undefined });
}
