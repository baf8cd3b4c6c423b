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
