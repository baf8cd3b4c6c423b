import { z } from 'zod';
import { filledList, integer, map, name, secret, wording } from '../ground/schema.js';

export const HTTP_PORT = 8502;
export const HTTP_HOST = '127.0.0.1';

/** As short as one may be that nobody guesses. Every letter is one that a header may have. */
export const TOKEN_FORM = /^[\x21-\x7e]{16,}$/;

const token = (title: string, description: string) =>
  secret(
    z
      .string()
      .regex(TOKEN_FORM)
      .register(wording, { expected: 'a text of at least 16 letters, digits or signs, without spaces' })
      .meta({ title, description }),
  );

/** Where the HTTP API and the console are, and who may use them. */
export const httpSchema = map(
  'HTTP',
  'The HTTP API and the console. Without this (and without --http) there are none.',
  {
    host: name(
      'Host',
      'Address to listen on. Default: 127.0.0.1, for this machine alone. Any other needs a token.',
    ).optional(),
    port: integer(
      { title: 'Port', description: 'TCP port; 0 for any free one.', default: HTTP_PORT },
      0,
      0xffff,
    ).optional(),
    token: token(
      'Token',
      'Who sends it may read and write. Without a token, everybody on this machine may.',
    ).optional(),
    tokenFile: name('Token file', 'File with the token, in place of `token`.').optional(),
    readToken: token('Read token', 'Who sends it may only read.').optional(),
    allowedHosts: filledList(
      'Allowed hosts',
      'Names by which browsers reach the API, beside localhost and addresses.',
      name('Host name', 'Such as plant.example.com, without a port.'),
    ).optional(),
    origins: filledList(
      'Origins',
      'Other web pages that may use the API from a browser.',
      name('Origin', 'Such as https://scada.example.com, without a path.'),
    ).optional(),
  },
);

export type HttpConfig = z.infer<typeof httpSchema>;
