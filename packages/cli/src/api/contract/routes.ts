import { z } from 'zod';
import {
  pointSchema,
  pointsQuerySchema,
  pointWriteSchema,
  rangeQuerySchema,
  rangeSchema,
  rangeWriteQuerySchema,
  rangeWriteSchema,
  snapshotChangeSchema,
  snapshotNameSchema,
  snapshotSchema,
  unitSchema,
} from './device.js';
import {
  addedFaultSchema,
  clientSchema,
  countersSchema,
  faultOptionsSchema,
  faultSchema,
  faultSwitchSchema,
  reloadSchema,
  rootSchema,
  simulationChangeSchema,
  simulationSchema,
} from './state.js';
import {
  captureQuerySchema,
  eventsQuerySchema,
  exchangeSchema,
  trafficQuerySchema,
  waitedSchema,
  waitSchema,
} from './traffic.js';
import { tableWordSchema } from './values.js';

/** Where all routes are. */
export const API_PATH = '/api/v1';

/** One thing that can be asked of the API. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `API_PATH`, with parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Bytes that the body has at most; 64 KiB by default. */
  readonly maxBody?: number;
  /** Of the answer if all is well; 200 by default. */
  readonly status?: number;
  /** The schema of a JSON answer, or the media type of another one; without either it has no body. */
  readonly answer?: z.ZodType | string;
  /** Statuses of problem details, beside those that every route can have: 400, 401, 403, 421, 500. */
  readonly problems?: readonly number[];
}

const MEBIBYTE = 2 ** 20;

const name = (description: string) => z.string().min(1).meta({ description });
const unit = name('The id of a unit, or its name.');
const ofUnit = z.strictObject({ unit });
const ofPoint = z.strictObject({ unit, point: name('The name of a point.') });
const ofTable = z.strictObject({ unit, table: tableWordSchema });
const ofFault = z.strictObject({ name: name('The name of a fault.') });

/** All routes, by the id of their operation. */
export const routes = {
  getRoot: { method: 'get', path: '/', summary: 'What runs', answer: rootSchema },
  getUnits: { method: 'get', path: '/units', summary: 'All units', answer: z.array(unitSchema) },
  getUnit: {
    method: 'get',
    path: '/units/{unit}',
    summary: 'A unit',
    params: ofUnit,
    answer: unitSchema,
    problems: [404],
  },
  getPoints: {
    method: 'get',
    path: '/units/{unit}/points',
    summary: 'The points of a unit',
    params: ofUnit,
    query: pointsQuerySchema,
    answer: z.array(pointSchema),
    problems: [404],
  },
  getPoint: {
    method: 'get',
    path: '/units/{unit}/points/{point}',
    summary: 'A point',
    params: ofPoint,
    answer: pointSchema,
    problems: [404],
  },
  putPoint: {
    method: 'put',
    path: '/units/{unit}/points/{point}',
    summary: 'Write a point',
    description: 'Its type and its limits bind the value. That it is read-only binds clients only.',
    params: ofPoint,
    body: pointWriteSchema,
    maxBody: MEBIBYTE, // a text or registers that are all of a table
    answer: pointSchema,
    problems: [404, 422, 503],
  },
  getRange: {
    method: 'get',
    path: '/units/{unit}/{table}',
    summary: 'Values of a table',
    params: ofTable,
    query: rangeQuerySchema,
    answer: rangeSchema,
    problems: [404],
  },
  putRange: {
    method: 'put',
    path: '/units/{unit}/{table}',
    summary: 'Write values of a table',
    description: 'Types and limits of the points that it touches bind the values.',
    params: ofTable,
    query: rangeWriteQuerySchema,
    body: rangeWriteSchema,
    maxBody: MEBIBYTE, // all values of a table
    answer: rangeSchema,
    problems: [404, 422, 503],
  },
  getClients: { method: 'get', path: '/clients', summary: 'Who is connected', answer: z.array(clientSchema) },
  deleteClient: {
    method: 'delete',
    path: '/clients/{id}',
    summary: 'Disconnect a client',
    description: 'It may connect again.',
    params: z.strictObject({ id: name('The id of a client.') }),
    status: 204,
    problems: [404],
  },
  getCounters: { method: 'get', path: '/counters', summary: 'What has been counted', answer: countersSchema },
  getFaults: { method: 'get', path: '/faults', summary: 'All faults', answer: z.array(faultSchema) },
  postFault: {
    method: 'post',
    path: '/faults',
    summary: 'Add a fault',
    description: 'Its keys are those of the config. It is on at once, unless it says `active: false`.',
    body: faultOptionsSchema,
    status: 201,
    answer: addedFaultSchema,
    problems: [409, 422],
  },
  patchFault: {
    method: 'patch',
    path: '/faults/{name}',
    summary: 'Switch a fault',
    params: ofFault,
    body: faultSwitchSchema,
    answer: faultSchema,
    problems: [404],
  },
  deleteFault: {
    method: 'delete',
    path: '/faults/{name}',
    summary: 'Remove a fault',
    params: ofFault,
    status: 204,
    problems: [404],
  },
  getSimulation: {
    method: 'get',
    path: '/simulation',
    summary: 'The simulation',
    answer: simulationSchema,
    problems: [404],
  },
  patchSimulation: {
    method: 'patch',
    path: '/simulation',
    summary: 'Pause, resume, step, change the speed',
    body: simulationChangeSchema,
    answer: simulationSchema,
    problems: [404, 422],
  },
  postScenario: {
    method: 'post',
    path: '/scenarios/{name}',
    summary: 'Run a scenario',
    params: z.strictObject({ name: name('The name of a scenario, or with its unit: `boiler.dry run`.') }),
    answer: simulationSchema,
    problems: [404],
  },
  postReload: {
    method: 'post',
    path: '/reload',
    summary: 'Read the config again',
    answer: reloadSchema,
    problems: [409, 422],
  },
  getTraffic: {
    method: 'get',
    path: '/traffic',
    summary: 'The last requests',
    query: trafficQuerySchema,
    answer: z.array(exchangeSchema),
  },
  getCapture: {
    method: 'get',
    path: '/traffic.pcapng',
    summary: 'The last requests as a capture',
    query: captureQuerySchema,
    answer: 'application/x-pcapng',
  },
  getEvents: {
    method: 'get',
    path: '/events',
    summary: 'What happens, as it happens',
    description: 'Server-sent events. After `Last-Event-ID`, those since then come first.',
    query: eventsQuerySchema,
    answer: 'text/event-stream',
  },
  postWait: {
    method: 'post',
    path: '/wait',
    summary: 'Wait for a value',
    body: waitSchema,
    answer: waitedSchema,
    problems: [404, 408, 422],
  },
  getSnapshot: {
    method: 'get',
    path: '/snapshot',
    summary: 'All values',
    query: z.strictObject({ name: name('One that was kept; without it the values as they are now.').optional() }),
    answer: snapshotSchema,
    problems: [404],
  },
  postSnapshot: {
    method: 'post',
    path: '/snapshot',
    summary: 'Keep all values under a name',
    description: 'In memory, the last 16 of them, until the command ends.',
    body: snapshotNameSchema,
    status: 201,
    answer: snapshotNameSchema,
  },
  putSnapshot: {
    method: 'put',
    path: '/snapshot',
    summary: 'Set values',
    description: 'Those of the body, or those that were kept under its name.',
    body: snapshotChangeSchema,
    maxBody: 16 * MEBIBYTE, // all values of eight units
    status: 204,
    problems: [404, 422, 503],
  },
  getOpenApi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    answer: z.record(z.string(), z.unknown()),
  },
} as const satisfies Record<string, Route>;
