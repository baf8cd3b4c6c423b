import type { Webhook } from '../../config/schema-webhooks.js';
import type { EventData } from '../contract.js';
import type { FeedEvent } from '../events/feed.js';
import { type Filter, wanted } from '../events/filter.js';

/** The data of an event as far as a webhook is told of it; undefined if not at all. */
export function toldTo({ points }: Webhook, filter: Filter, event: FeedEvent): string | undefined {
  const json = wanted(filter, event);
  if (json === undefined) return undefined;
  if (event.type === 'log') return isOfWebhooks(JSON.parse(json)) ? undefined : json;
  if (points === undefined) return json;
  if (event.type === 'change') return ofPoints(JSON.parse(json), points);
  return event.type !== 'write' || touches(JSON.parse(json), points) ? json : undefined;
}

/** What is logged of webhooks would lead to more of it. */
function isOfWebhooks({ event }: EventData<'log'>): boolean {
  return event.startsWith('webhook');
}

function ofPoints(change: EventData<'change'>, names: readonly string[]): string | undefined {
  const points = change.points.filter(({ name }) => names.includes(name));
  return points.length === 0 ? undefined : JSON.stringify({ points, ranges: [] });
}

function touches({ points }: EventData<'write'>, names: readonly string[]): boolean {
  return points.some(({ name }) => names.includes(name));
}
