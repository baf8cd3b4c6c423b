import type { Logger } from '../../log/logger.js';
import type { Source } from './feed.js';

/** Lines of the log, except for those of the level `debug`: requests have events of their own. */
export function logSource(log: Logger): Source {
  return {
    type: 'log',
    start: (publish) =>
      log.hear((level, event) => {
        if (level !== 'debug') publish('log', { ...event, level, time: Date.now() });
      }),
  };
}
