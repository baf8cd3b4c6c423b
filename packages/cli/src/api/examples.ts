import type { RouteId } from './handlers.js';

/** A request and its answer, as in the OpenAPI document and in docs/api.md. */
export interface Example {
  readonly name: string;
  /** In the place of the parameters of the path. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
}

const TIME = 1795780800000;

const SETPOINT = {
  unit: 1,
  name: 'setpoint',
  table: 'holdingRegisters',
  address: 0,
  reference: '40001',
  place: 'holding 0 (40001)',
  quantity: 1,
  type: 'int16',
  order: 'ABCD',
  scale: 0.1,
  measure: '°C',
  min: 30,
  max: 80,
  readOnly: false,
  value: 65,
  text: '65.0 °C',
  raw: [650],
  changed: null,
};

const WRITTEN = { value: 60, text: '60.0 °C', raw: [600], changed: { time: TIME, by: 'api' } };

const BOILER = {
  key: 1,
  id: 1,
  name: 'boiler',
  points: 3,
  tables: {
    coils: [{ start: 0, count: 1 }],
    discreteInputs: [],
    holdingRegisters: [{ start: 0, count: 1 }],
    inputRegisters: [{ start: 0, count: 1 }],
  },
  listeners: ['plant'],
};

const METER = {
  key: 2,
  id: 2,
  name: 'meter',
  points: 0,
  tables: {
    coils: [],
    discreteInputs: [],
    holdingRegisters: [{ start: 0, count: 4 }],
    inputRegisters: [],
  },
  listeners: ['plant'],
};

const SIMULATION = {
  running: true,
  speed: 1,
  seed: 1,
  time: 60000,
  date: TIME,
  tick: 100,
  scenarios: [{ unit: 1, name: 'dry run', running: false }],
  moving: 1,
};

const BUSY = { name: 'busy', functions: [6, 16], exception: 6, active: false, hits: 0 };

const SLOW = { name: 'slow', unit: 2, delay: '200ms..800ms', for: '1m' };

const CLIENT = {
  id: '1',
  listener: 'plant',
  transport: 'tcp',
  address: '127.0.0.1',
  port: 40110,
  since: TIME,
  requests: 1,
  exceptions: 0,
  lastRequest: TIME,
};

const SNAPSHOT_OF_METER = {
  unit: 2,
  points: {},
  tables: {
    coils: [],
    discreteInputs: [],
    holdingRegisters: [{ start: 0, values: [16812, 0, 0, 0] }],
    inputRegisters: [],
  },
};

/** One after the other, on the device of docs/api.md. A client is connected, and has read a register. */
const READ = {
  id: 1,
  time: TIME,
  listener: 'plant',
  client: { address: '127.0.0.1', port: 40110, transport: 'tcp' },
  unit: 1,
  functionCode: 3,
  name: 'Read holding registers',
  range: { table: 'holdingRegisters', start: 0, count: 1 },
  points: ['setpoint'],
  request: '0300000001',
  reply: '0302028A',
  summary: 'read holding registers 0 (40001) = 650 [setpoint 65.0 °C]',
  values: [650],
  took: 0.214,
};

const WAITED = {
  unit: 1,
  point: 'setpoint',
  table: 'holdingRegisters',
  start: 0,
  count: 1,
  value: 60,
  text: '60.0 °C',
};

export const EXAMPLES: Partial<Record<RouteId, readonly Example[]>> = {
  getRoot: [
    {
      name: 'what runs',
      answer: {
        version: '0.1.0',
        started: TIME,
        config: 'boiler.yaml',
        writable: true,
        listeners: [{ name: 'plant', type: 'tcp', place: 'tcp 127.0.0.1:5020', units: [1, 2], state: 'listening' }],
        units: [
          { key: 1, id: 1, name: 'boiler', points: 3 },
          { key: 2, id: 2, name: 'meter', points: 0 },
        ],
        faults: { active: 0, all: 1 },
        simulation: SIMULATION,
        storage: { in: './state', mode: 'durable', state: 'ready', units: [1, 2] },
        sharing: null,
      },
    },
  ],
  getUnits: [{ name: 'all units', answer: [BOILER, METER] }],
  getUnit: [{ name: 'by its name', params: { unit: 'meter' }, answer: METER }],
  getPoints: [{ name: 'one of them', params: { unit: '1' }, query: { names: 'setpoint' }, answer: [SETPOINT] }],
  getPoint: [{ name: 'a set point', params: { unit: '1', point: 'setpoint' }, answer: SETPOINT }],
  putPoint: [
    {
      name: '60 °C',
      params: { unit: '1', point: 'setpoint' },
      body: { value: 60 },
      answer: { ...SETPOINT, ...WRITTEN },
    },
  ],
  putRange: [
    {
      name: 'a float in two registers',
      params: { unit: '2', table: 'holding' },
      query: { start: '0', type: 'float32' },
      body: { values: [21.5] },
      answer: {
        unit: 2,
        table: 'holdingRegisters',
        start: 0,
        count: 1,
        type: 'float32',
        order: 'ABCD',
        values: [21.5],
        registers: [16812, 0],
      },
    },
  ],
  getRange: [
    {
      name: 'registers',
      params: { unit: '2', table: 'holding' },
      query: { start: '0', count: '2' },
      answer: {
        unit: 2,
        table: 'holdingRegisters',
        start: 0,
        count: 2,
        type: 'uint16',
        order: 'ABCD',
        values: [16812, 0],
        registers: [16812, 0],
      },
    },
  ],
  getClients: [{ name: 'one', answer: [CLIENT] }],
  deleteClient: [{ name: 'the first', params: { id: '1' } }],
  getTraffic: [{ name: 'the reads of registers', query: { function: '3', limit: '1' }, answer: [READ] }],
  postWait: [
    {
      name: 'until it is warm',
      body: { unit: 1, point: 'setpoint', until: { above: 40 }, timeout: '5s' },
      answer: { ...WAITED, by: null, time: TIME, took: 0 },
    },
  ],
  getFaults: [{ name: 'one of the config', answer: [BUSY] }],
  postFault: [
    { name: 'late answers, for a minute', body: SLOW, answer: { ...SLOW, active: true, hits: 0, left: 60000 } },
  ],
  patchFault: [{ name: 'on', params: { name: 'busy' }, body: { active: true }, answer: { ...BUSY, active: true } }],
  deleteFault: [{ name: 'one that was added', params: { name: 'slow' } }],
  getSimulation: [{ name: 'it runs', answer: SIMULATION }],
  patchSimulation: [
    { name: 'paused', body: { running: false }, answer: { ...SIMULATION, running: false } },
    { name: 'a minute at once', body: { step: '1m' }, answer: { ...SIMULATION, running: false } },
  ],
  postScenario: [
    {
      name: 'without water',
      params: { name: 'dry run' },
      answer: { ...SIMULATION, running: false, scenarios: [{ unit: 1, name: 'dry run', running: true }] },
    },
  ],
  postReload: [{ name: 'nothing has changed', answer: { changed: [], restart: [] } }],
  postSnapshot: [{ name: 'kept', body: { name: 'clean' }, answer: { name: 'clean' } }],
  putSnapshot: [
    { name: 'as it was kept', body: { name: 'clean' } },
    { name: 'one value', body: { units: [{ unit: 1, points: { setpoint: 60 } }] } },
  ],
  getSnapshot: [
    {
      name: 'kept',
      query: { name: 'clean' },
      answer: {
        time: TIME,
        units: [
          {
            unit: 1,
            points: { setpoint: 60, flow: 63.5, pump: true },
            tables: {
              coils: [{ start: 0, values: [true] }],
              discreteInputs: [],
              holdingRegisters: [{ start: 0, values: [600] }],
              inputRegisters: [{ start: 0, values: [635] }],
            },
          },
          SNAPSHOT_OF_METER,
        ],
      },
    },
  ],
};
