export const registerValues = Array.from({ length: 1000 }, (_, index) => index + 1);

/**
 * Prints the one line that the bench waits for.
 * @param {{ address(): { port: number } | string | null | undefined }} server
 */
export function announce(server) {
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the server does not listen on a port');
  process.stdout.write(`listening ${address.port}\n`);
}
