import { STATUS_CODES } from 'node:http';
import { faultSchema } from 'busbar-simulator';
import { z } from 'zod';
import { version } from '../ground/version.js';
import { problemSchema } from './contract/state.js';
import { API_PATH, type Route, routes } from './contract.js';
import { EXAMPLES, type Example } from './examples.js';
import { PROBLEM_TYPE } from './problem.js';

type Json = Record<string, unknown>;

/** Statuses of problems that every route can have. */
const ALWAYS = [400, 401, 403, 421, 500];

/** The description of the API in OpenAPI 3.1, from its contract. */
export function openApi(): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const [id, route] of Object.entries<Route>(routes)) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path], { [route.method]: operation(id, route, components) });
  }
  // The simulator has the schema of what the config says of a fault.
  components.add('FaultOptions', faultSchema);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Busbar',
      version: version(),
      summary: 'See and steer the Modbus devices that are served',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PATH }],
    security: [{}, { token: [] }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: '`http.token` of the config' } },
      responses: { Problem: problemResponse(components) },
    },
  };
}

function operation(id: string, route: Route, components: Components): Json {
  const { summary, description, params, query, body, problems = [] } = route;
  const examples = EXAMPLES[id as keyof typeof EXAMPLES] ?? [];
  const statuses = [...new Set([...ALWAYS, ...problems, ...(body ? [413, 415] : [])])].sort();
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    parameters: [...parameters(params, 'path', components), ...parameters(query, 'query', components)],
    ...(body && { requestBody: { required: true, content: json(components.of(body, 'input'), examples, 'body') } }),
    responses: {
      ...answer(route, examples, components),
      ...Object.fromEntries(statuses.map((status) => [status, { $ref: '#/components/responses/Problem' }])),
    },
  };
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query', components: Components): Json[] {
  if (schema === undefined) return [];
  return Object.entries<z.ZodType>(schema.shape).map(([name, each]) => {
    const { description, ...rest } = components.of(each, 'input');
    return {
      name,
      in: place,
      required: place === 'path' || !each.safeParse(undefined).success,
      description,
      schema: rest,
    };
  });
}

function answer({ status = 200, answer: schema }: Route, examples: readonly Example[], components: Components): Json {
  const description = STATUS_CODES[status] ?? '';
  if (schema === undefined) return { [status]: { description } };
  const content =
    typeof schema === 'string'
      ? { [schema]: { schema: { type: 'string' } } }
      : json(components.of(schema, 'output'), examples, 'answer');
  return { [status]: { description, content } };
}

function json(schema: Json, examples: readonly Example[], key: 'body' | 'answer'): Json {
  const named = examples.flatMap((example) =>
    example[key] === undefined ? [] : [[example.name, { value: example[key] }] as const],
  );
  return {
    'application/json': { schema, ...(named.length > 0 && { examples: Object.fromEntries(named) }) },
  };
}

function problemResponse(components: Components): Json {
  return {
    description: 'What is wrong',
    content: { [PROBLEM_TYPE]: { schema: components.of(problemSchema, 'output') } },
  };
}

/** The schemas that have a name, each once. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  /** The JSON Schema, or a reference to it. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const id = schema.meta()?.id;
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io });
    for (const [name, each] of Object.entries($defs)) this.schemas[name] ??= placed(each);
    if (id === undefined) return placed(rest);
    this.schemas[id] ??= placed(rest);
    return { $ref: `#/components/schemas/${id}` };
  }

  /** In place of one with the same name. */
  add(name: string, schema: z.ZodType): void {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
    this.schemas[name] = rest;
  }
}

/** References lead to the components. */
function placed(schema: object): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
