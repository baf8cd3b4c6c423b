import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { authority, dialSecurely, serverIdentity } from './secured.js';

/** A client that sends the certificate of a CA between its own and the server's CA. */
export async function createPresented() {
  const issuing = await authority.issueAuthority('Issuing CA');
  const { cert, key } = await issuing.issue('client');
  return { issuing, identity: { cert: cert + issuing.pem, key } };
}

/**
 * Whether Node.js tells a server what a client has sent beside its certificate. Some versions don't
 * (nodejs/node#65579).
 */
export async function nodeTellsChains(): Promise<boolean> {
  const { identity } = await createPresented();
  const server = createServer({ ...serverIdentity, ca: authority.pem, requestCert: true });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = dialSecurely((server.address() as AddressInfo).port, identity);
  try {
    const [socket]: TLSSocket[] = await once(server, 'secureConnection');
    return socket.getPeerCertificate(true).issuerCertificate !== undefined;
  } finally {
    client.destroy();
    server.close();
  }
}
