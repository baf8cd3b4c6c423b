import { parseConfig } from '../config/load.js';
import { ConfigError, type PlacedProblem } from '../config/problems.js';

/** What is wrong with the text of a config that was made, and not typed. @param file its name, for paths in it. */
export function configProblems(text: string, file: string): readonly PlacedProblem[] {
  try {
    parseConfig(text, file);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}
