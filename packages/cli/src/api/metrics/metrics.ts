import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type OpenMetricsContentType,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import type { Device } from '../../device/device.js';
import { listenerName } from '../listener-name.js';
import { DurationHistogram, type Measured } from './duration-histogram.js';
import { FAMILIES } from './families.js';
import type { Family, Sample } from './family.js';

/** `prometheus` is the text format that everything reads, `openMetrics` its successor. */
export type MetricsFormat = 'prometheus' | 'openMetrics';

type AnyRegistry = Registry | Registry<OpenMetricsContentType>;

/** The metrics of a device. All are collected when somebody asks for them. */
export class Metrics {
  readonly #registries: Partial<Record<MetricsFormat, AnyRegistry>> = {};
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  async collect(format: MetricsFormat): Promise<{ text: string; contentType: string }> {
    // One for each format: prom-client changes names of metrics when it writes OpenMetrics.
    this.#registries[format] ??= registryOf(this.#device, format);
    const registry = this.#registries[format];
    return { text: await registry.metrics(), contentType: registry.contentType };
  }
}

function registryOf(device: Device, format: MetricsFormat): AnyRegistry {
  const registry = format === 'openMetrics' ? openMetrics() : new Registry();
  for (const family of FAMILIES) register(family, device, registry);
  const name = 'busbar_request_duration_seconds';
  const help = 'From the arrival of a request until its reply is with the system, since the first scrape.';
  registry.registerMetric(new DurationHistogram(name, help, () => durations(device)));
  registry.registerMetric(new DurationHistogram(FLUSH.name, FLUSH.help, () => flushes(device)));
  collectDefaultMetrics<RegistryContentType>({ register: registry, gcDurationBuckets: GC_BUCKETS });
  for (const misnamed of MISNAMED) registry.removeSingleMetric(misnamed);
  return registry;
}

function openMetrics(): Registry<OpenMetricsContentType> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

/** In seconds; prom-client writes whole numbers as OpenMetrics does not have them. */
const GC_BUCKETS = [0.001, 0.01, 0.1, 0.5, 1.5];

/** Gauges of prom-client with the ending of counters. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

function register({ type, name, help, labels, samples }: Family, device: Device, registry: AnyRegistry): void {
  const about = { name, help, labelNames: labels, registers: [registry] };
  const each = (take: (labels: Sample['labels'], value: number) => void) => {
    for (const { labels, value } of samples(device)) take(labels, value);
  };
  // A metric without labels begins at 0, which says something of what is not there, such as a store.
  const isAlone = labels.length === 0;
  if (type === 'counter') {
    new Counter({
      ...about,
      collect() {
        this.reset();
        if (isAlone) this.remove();
        each((labels = {}, value) => this.inc(labels, value));
      },
    });
  } else {
    new Gauge({
      ...about,
      collect() {
        this.reset();
        if (isAlone) this.remove();
        each((labels = {}, value) => this.set(labels, value));
      },
    });
  }
}

const FLUSH = {
  name: 'busbar_storage_flush_duration_seconds',
  help: 'How long it took to put changes on disk.',
};

function flushes({ lasting }: Device): Measured[] {
  const { store } = lasting.keeping ?? {};
  return store === undefined ? [] : [{ ...store, labels: {}, counts: store.flushes, sum: store.seconds }];
}

/** The library has milliseconds. */
function durations({ boundServers }: Device): Measured[] {
  return boundServers.map((bound) => {
    const { bounds, counts, sum } = bound.server.measureDurations();
    return {
      labels: { listener: listenerName(bound) },
      bounds: bounds.map((time) => time / 1000),
      counts,
      sum: sum / 1000,
    };
  });
}
