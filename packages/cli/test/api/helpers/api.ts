import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ApiServer } from '../../../src/api/api-server.js';
import type { Access } from '../../../src/api/app.js';
import { problemSchema } from '../../../src/api/contract/state.js';
import { API_PATH, type Route, routes } from '../../../src/api/contract.js';
import type { HttpLimits } from '../../../src/api/http-server.js';
import { Services } from '../../../src/api/services.js';
import type { Device } from '../../../src/device/device.js';
import { Logger } from '../../../src/log/logger.js';
import { TestOutput } from '../../helpers/output.js';
import { deviceOf } from './device.js';

/** How it is served. */
interface Served extends Partial<Access> {
  readonly limits?: HttpLimits | undefined;
  readonly log?: Logger;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON, or the text. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it is, and the contract has been checked.
  readonly body: any;
}

/** Serves the API of a device until the end of the test. All answers are checked by the contract. */
export async function serveApi(
  device: Device,
  { limits, log = new Logger('pretty', 'info', new TestOutput()), ...access }: Served = {},
) {
  const failures: unknown[] = [];
  const options = { host: '127.0.0.1', port: 0, token: undefined, readToken: undefined, hosts: [], origins: [] };
  const services = new Services(device, log, () => device.reload());
  const server = new ApiServer(services, { ...options, ...access, limits, failed: (error) => failures.push(error) });
  const url = await server.listen();
  onTestFinished(async () => {
    await server.close();
    services.stop();
    expect(failures).toEqual([]);
  });
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const target = new URL(`${API_PATH}/${path}`, url);
    const response = await fetch(target, { method, headers: { ...json, ...headers }, ...(text && { body: text }) });
    return checkedAnswer(await answerOf(response), method, target.pathname);
  };
  return { url, port: Number(new URL(url).port), send, get: (path: string) => send('GET', path) };
}

/** Serves a device with one point, `a`. */
export async function servePoint(served: Served = {}) {
  const config = 'listen: [{ type: tcp, port: 0 }]\nunits: [{ id: 1, points: { a: { at: holding 0 } } }]';
  return await serveApi(await deviceOf(config), served);
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

function checkedAnswer(answer: Answer, method: string, path: string): Answer {
  const { status, body, headers } = answer;
  if (status >= 400) {
    expect(headers.get('Content-Type')).toBe('application/problem+json');
    expect(problemSchema.parse(body)).toMatchObject({ status });
    return answer;
  }
  const route = Object.values<Route>(routes).find((each) => each.method === method.toLowerCase() && fits(each, path));
  expect(status).toBe(route?.status ?? 200);
  if (route?.answer instanceof z.ZodType) route.answer.parse(body);
  return answer;
}

function fits({ path }: Route, given: string): boolean {
  const pattern = `${API_PATH}${path}`.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}/?$`).test(given) || `${given}/` === `${API_PATH}${path}`;
}
