import type { Listener } from '../listeners/schema.js';
import { Device } from './device.js';

export interface LoadOptions {
  /** Listeners in place of those of the config, as entries of its `listen`; such as one on port 0 for a test. */
  readonly listen?: readonly Listener[] | undefined;
}

/**
 * The units and servers of a config file, for a program that adds code of its own. Nothing listens before `start()`.
 * @param file YAML or JSON. Files that it names are looked up in its folder.
 * @throws ConfigError with all that is wrong with it, OptionsError if the listeners in its place are wrong.
 */
export function loadDevice(file: string, { listen = [] }: LoadOptions = {}): Promise<Device> {
  return Device.load({ file, listeners: listen.map((listener) => ({ listener })) });
}
