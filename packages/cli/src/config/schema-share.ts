import { durationSchema } from 'busbar-simulator';
import { z } from 'zod';
import { filledList, integer, map, name, number, secret, text, word, wording } from '../ground/schema.js';
import { file } from '../listeners/schema-common.js';

/** Names of images. */
const IMAGE_FORM = /^[A-Za-z0-9_.-]{1,64}$/;

const tls = map('TLS', 'For connections to Redis over TLS; with an empty map, what the system trusts is trusted.', {
  caFile: file('Authority', 'Certificates in PEM of the authorities that may have signed that of Redis.').optional(),
  certFile: file('Certificate', 'The certificate that Redis asks for, in PEM.').optional(),
  keyFile: file('Private key', 'The private key of the certificate, in PEM.').optional(),
});

/** Where Redis is, and how to get in. */
const place = {
  redis: secret(
    text('Redis', 'Where Redis is: redis://:password@127.0.0.1:6379/0, or rediss://… over TLS.'),
    'url',
  ).optional(),
  sentinels: filledList(
    'Sentinels',
    'Where the Sentinels are that know the place of Redis; in the place of redis.',
    name('Sentinel', 'Host and port: 10.0.0.1:26379.'),
  ).optional(),
  name: name('Name', 'What the Sentinels call the Redis.').optional(),
  username: text('User name', 'With which Redis lets us in, beside sentinels.').optional(),
  password: secret(text('Password', 'The password for Redis, beside sentinels.')).optional(),
  sentinelPassword: secret(text('Password for the Sentinels', 'Where they ask for one of their own.')).optional(),
  tls: tls.optional(),
};

/** With whom the values of the units are shared. */
export const shareSchema = map(
  'Share',
  'Shares what the units hold with other servers, over Redis: all of them serve one image. Not with keep.',
  {
    ...place,
    image: z
      .string()
      .regex(IMAGE_FORM)
      .register(wording, { expected: 'a name of at most 64 letters, digits, "_", "." and "-"' })
      .meta({ title: 'Image', description: 'The name of what is shared: servers with the same one share it.' }),
    reads: word(
      {
        title: 'Reads',
        description:
          'local: reads are answered from memory, which may be some milliseconds behind. latest: Redis is asked first whether there is anything newer.',
        default: 'local',
      },
      ['local', 'latest'],
    ).optional(),
    whenAway: word(
      {
        title: 'When away',
        description:
          'While Redis is not there: refuse answers no request, stale answers reads for maxStale, detach answers all, and forgets its own writes when Redis is back.',
        default: 'refuse',
      },
      ['refuse', 'stale', 'detach'],
    ).optional(),
    maxStale: durationSchema('Most stale', 'How long reads are answered with whenAway: stale.').optional(),
    awayException: number(
      { title: 'Exception when away', description: 'The exception that refused requests get.', default: 4 },
      [4, 6],
    ).optional(),
    waitReplicas: integer(
      {
        title: 'Wait for replicas',
        description: 'How many replicas of Redis must have a write before it is answered.',
        default: 0,
      },
      0,
      16,
    ).optional(),
    commandTimeout: durationSchema(
      'Command timeout',
      'How long a request waits for Redis at most; 100ms by default.',
    ).optional(),
    lease: durationSchema(
      'Lease',
      'After which time another server moves the points of one that is silent; 2s by default.',
    ).optional(),
  },
);

export type ShareConfig = z.infer<typeof shareSchema>;
