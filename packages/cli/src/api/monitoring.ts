import { type Context, Hono } from 'hono';
import { accepts } from 'hono/accepts';
import type { Device } from '../device/device.js';
import { amount } from '../ground/amount.js';
import { isUp } from './listeners.js';
import type { Metrics, MetricsFormat } from './metrics/metrics.js';
import { authenticate, type Env, type Tokens } from './tokens.js';

const OPEN_METRICS = 'application/openmetrics-text';
const FRESH = { 'Cache-Control': 'no-store' };

/** What supervisors ask for: `/metrics`, and the probes `/livez` and `/readyz`, which need no token. */
export function monitoring(device: Device, tokens: Tokens): Hono<Env> {
  let metrics: Promise<Metrics> | undefined;
  const app = new Hono<Env>();
  app.get('/metrics', authenticate(tokens), async (context) => {
    metrics ??= load(device);
    const { text, contentType } = await (await metrics).collect(formatFor(context));
    return context.body(text, { headers: { ...FRESH, 'Content-Type': contentType, Vary: 'Accept' } });
  });
  app.get('/livez', ({ text }) => text('ok\n', { headers: FRESH }));
  app.get('/readyz', ({ text }) => {
    const problems = [...listenerProblems(device), device.lasting.unready].filter((each) => each !== undefined);
    if (problems.length === 0) return text('ok\n', { headers: FRESH });
    return text(`${problems.join('; ')}\n`, { status: 503, headers: FRESH });
  });
  return app;
}

function listenerProblems({ boundServers: all }: Device): string[] {
  const up = all.filter(isUp).length;
  return up === all.length ? [] : [`${up} of ${amount(all.length, 'listener')} ${up === 1 ? 'is' : 'are'} up`];
}

function formatFor(context: Context): MetricsFormat {
  const supports = ['text/plain', OPEN_METRICS];
  const type = accepts(context, { header: 'Accept', supports, default: 'text/plain' });
  return type === OPEN_METRICS ? 'openMetrics' : 'prometheus';
}

/** The client of Prometheus is imported for the first one who asks. */
async function load(device: Device): Promise<Metrics> {
  const { Metrics } = await import('./metrics/metrics.js');
  return new Metrics(device);
}
