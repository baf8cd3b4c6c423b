import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OptionsError } from 'busbar';
import { loadScript, type SimulatedUnit } from 'busbar-simulator';
import { fileProblem } from '../ground/files.js';
import { importFailure } from '../ground/thrown.js';
import { entries, valueAt } from './parts.js';
import { ConfigError, type Problem } from './problems.js';
import type { Source } from './source.js';

/**
 * Imports the scripts that units name, a changed file anew. @param lives of all units of the config.
 * @param file the config, in whose folder scripts are looked up.
 * @returns the lives with their scripts. @throws ConfigError
 */
export async function withScripts(
  lives: readonly SimulatedUnit[],
  source: Source,
  file: string,
): Promise<SimulatedUnit[]> {
  const problems: Problem[] = [];
  const units = entries(source.value, 'units');
  const scripted = lives.map(async (life, i) => {
    const name = valueAt(units[i], 'script');
    if (typeof name !== 'string') return life;
    try {
      return { ...life, script: await scriptOf(resolve(dirname(file), name), name) };
    } catch (error) {
      problems.push({ path: ['units', i, 'script'], message: messageOf(error) });
      return life;
    }
  });
  const loaded = await Promise.all(scripted);
  if (problems.length > 0) throw new ConfigError(file, source.place(problems));
  return loaded;
}

async function scriptOf(path: string, name: string) {
  try {
    return await loadScript(path, statSync(path).mtimeMs);
  } catch (error) {
    if (error instanceof OptionsError && error.cause === undefined) throw error;
    if (error instanceof OptionsError) {
      const { place = name, message } = importFailure(error.cause, path);
      throw new OptionsError([], `${place}: ${message}`);
    }
    throw new OptionsError([], `${name}: ${fileProblem(error)}`);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof OptionsError)) throw error;
  return error.problems.map(({ problem }) => problem).join('; ');
}
