import { parseConfig } from '../../src/config/load.js';
import { ConfigError } from '../../src/config/problems.js';

/** What is wrong with a config that is named x, a line each. */
export function problems(text: string): string[] {
  try {
    parseConfig(text, 'x');
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** What of it is most likely not meant so, a line each. */
export function warnings(text: string): string[] {
  return parseConfig(text, 'x').warnings.map(
    ({ line, column, key, message }) => `${line}:${column}: ${key}: ${message}`,
  );
}
