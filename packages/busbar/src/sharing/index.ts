export {
  AWAY_POLICIES,
  type AwayPolicy,
  READ_POLICIES,
  type ReadPolicy,
  type SharingOptions,
} from './options.js';
export type { RedisConnection, RedisLike, RedisOverrides } from './redis.js';
export { SharedImage, type SharedImageEvents, type SharingState } from './shared-image.js';
