import { readFileSync } from 'node:fs';
import type { Unit } from 'busbar';
import { type AwayPolicy, type ReadPolicy, SharedImage } from 'busbar/sharing';
import { Redis } from 'ioredis';
import { redisPlace, type ShareOptions } from '../config/share.js';
import type { DeviceBacking } from './backing.js';

/** Milliseconds, unless the config says otherwise: that of the library. */
const MAX_STALE = 5000;

/** What is shared, and where. */
export interface Shared {
  readonly image: string;
  readonly reads: ReadPolicy;
  readonly whenAway: AwayPolicy;
  /** Of Redis, without a password. */
  readonly place: string;
}

/** Shares the values of units with other servers, over Redis. */
export class Sharing implements DeviceBacking {
  readonly image: SharedImage;
  readonly shared: Shared;

  /** Why Redis is away, and why it takes no writes. */
  #awayReason: string | undefined;
  #failure: string | undefined;
  readonly #maxStale: number;
  /** Milliseconds, without the present time away. */
  #away = 0;
  #awaySince: number | undefined;

  private constructor(image: SharedImage, shared: Shared, maxStale: number) {
    this.image = image;
    this.shared = shared;
    this.#maxStale = maxStale;
    image.on('away', ({ error }) => {
      this.#awayReason = error.message;
      this.#awaySince ??= performance.now();
    });
    image.on('back', () => {
      this.#awayReason = undefined;
      this.#away += this.#awayFor;
      this.#awaySince = undefined;
    });
    image.on('failed', ({ error }) => {
      this.#failure = error.message;
    });
    image.on('recovered', () => {
      this.#failure = undefined;
    });
  }

  /** @throws SharingError, OptionsError */
  static async open(options: ShareOptions): Promise<Sharing> {
    const { redis: _, sentinels, tls, name, username, password, sentinelPassword, ...rest } = options;
    const { image, whenAway = 'refuse', reads = 'local' } = rest;
    const joined = await SharedImage.join({ ...rest, redis: redisOf(options) });
    const { maxStale = MAX_STALE } = rest;
    return new Sharing(joined, { image, whenAway, reads, place: redisPlace(options) }, maxStale);
  }

  async take(unit: Unit): Promise<boolean> {
    await this.image.share(unit);
    return true;
  }

  release(unit: Unit): Promise<void> {
    return this.image.release(unit);
  }

  /** Why Redis is away, or takes no writes. */
  get problem(): string | undefined {
    return this.#awayReason ?? this.#failure;
  }

  get refusal(): string | undefined {
    const { state } = this.image;
    if (state === 'closed') return 'the server shares it no longer';
    return state === 'detached' ? undefined : this.problem;
  }

  /** Reads go on for a while with `stale`. */
  get unready(): string | undefined {
    const { state } = this.image;
    const { whenAway } = this.shared;
    const isServing = state !== 'away' || (whenAway === 'stale' && this.#awayFor < this.#maxStale);
    return isServing ? undefined : this.problem;
  }

  /** Seconds for which Redis has been away, in all. */
  get awaySeconds(): number {
    return (this.#away + this.#awayFor) / 1000;
  }

  /** Milliseconds for which it is away now. */
  get #awayFor(): number {
    return this.#awaySince === undefined ? 0 : performance.now() - this.#awaySince;
  }

  settled(unit: Unit): Promise<void> {
    return this.image.settled(unit);
  }

  leads(unit: Unit): boolean {
    return this.image.leads(unit);
  }

  close(): Promise<void> {
    return this.image.close();
  }
}

/** A client that is never connected: the image makes its own connections like it. */
function redisOf({ redis, sentinels, name, username, password, sentinelPassword, tls }: ShareOptions): Redis {
  const common = { lazyConnect: true, ...(tls && { tls: tlsOf(tls) }) };
  if (redis !== undefined) return new Redis(redis, common);
  return new Redis({
    ...common,
    sentinels: [...sentinels],
    ...(name !== undefined && { name }),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tlsOf(tls) }),
  });
}

function tlsOf({ caFile, certFile, keyFile }: NonNullable<ShareOptions['tls']>) {
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
  };
}
