import {
  anything,
  type Checks,
  checkEntries,
  checkFunction,
  checkOptions,
  optional,
  type Path,
  show,
} from '../checks.js';
import { UNIT_HANDLERS, type UnitHandlers } from '../data/shared-unit.js';
import { asError, OptionsError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import type { CustomFunction } from '../functions/custom-functions.js';
import type { AccessPolicy } from '../server/policy.js';
import type { RequestHandlerOption } from '../server/request-handler.js';
import type { ModbusServer } from '../server/server.js';

/** The functions that a module provides to the server's thread. */
export interface ServerModule {
  readonly customFunctions?: readonly CustomFunction[] | undefined;
  readonly handler?: RequestHandlerOption | undefined;
  /** A framing of your own. */
  readonly framing?: Framing | undefined;
  /** As the option of a TLS server. */
  readonly authorize?: AccessPolicy['authorize'] | undefined;
  /**
   * Tables, files and queues with handlers in the module, by unit id. The program's unit must not have them in memory.
   */
  readonly units?: Readonly<Record<number, UnitHandlers>> | undefined;
  /** Gets the server before it listens, to add event listeners. They run in the server's thread. */
  setUp?(server: ModbusServer): void | Promise<void>;
}

const CHECKS = {
  customFunctions: anything,
  handler: anything,
  framing: anything,
  authorize: anything,
  units: optional((units, path) => checkEntries(units, path, checkUnitHandlers)),
  setUp: optional(checkFunction),
} satisfies Checks<ServerModule>;

const UNIT_CHECKS = Object.fromEntries(UNIT_HANDLERS.map((key) => [key, anything]));

function checkUnitHandlers(handlers: unknown, path: Path): unknown {
  return checkOptions(handlers, UNIT_CHECKS, path);
}

/**
 * Imports the module; its default export is a {@link ServerModule}, or a function that returns one or a promise of one.
 */
export async function loadModule(url: string | undefined): Promise<ServerModule> {
  if (url === undefined) return {};
  const { default: found } = await importModule(url);
  const given: unknown = typeof found === 'function' ? await found() : found;
  if (typeof given !== 'object' || given === null) {
    throw new OptionsError(
      ['module'],
      `the default export must be an object or a function that returns one, found ${show(given)}`,
    );
  }
  checkOptions(given, CHECKS, ['module']);
  return given;
}

async function importModule(url: string): Promise<{ default?: unknown }> {
  try {
    return await import(url);
  } catch (error) {
    throw new OptionsError(['module'], `cannot load ${url}: ${asError(error).message}`);
  }
}
