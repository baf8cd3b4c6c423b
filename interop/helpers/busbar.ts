import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { device } from './device.js';
import { temporaryFolder } from './folder.js';
import { LineProcess } from './lines.js';

const COMMAND = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
/** The listening line comes within the first few; a log that has none must not be read for ever. */
const MAX_LINES = 50;

export interface RunningBusbar {
  port: number;
  /** Where the console is; undefined if the config has no `http`. */
  url: string | undefined;
  /** Ends the command as Ctrl-C does, and returns its exit code. */
  stop(): Promise<number | null>;
}

/** Serves a config, by default the sample device, with the built command on a port of the system's choice. */
export async function startBusbar(config: object = device): Promise<RunningBusbar> {
  if (!existsSync(COMMAND)) throw new Error(`${COMMAND} is missing: build first with npm run build`);
  const folder = temporaryFolder();
  const file = join(folder.path, 'device.json');
  writeFileSync(file, JSON.stringify(config));
  const command = new LineProcess(process.execPath, [COMMAND, 'serve', '--config', file, '--log-format', 'json']);
  const stop = async () => {
    const code = await command.end('SIGINT');
    folder.remove();
    return code;
  };
  try {
    return { ...(await addressesOf(command, 'http' in config)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressesOf(command: LineProcess, hasHttp: boolean): Promise<Pick<RunningBusbar, 'port' | 'url'>> {
  let port: number | undefined;
  let url: string | undefined;
  for (let line = 0; line < MAX_LINES; line++) {
    const entry: LogEntry = JSON.parse(await command.next());
    if (entry.event === 'listening') port = entry.port;
    if (entry.event === 'http') url = entry.url;
    if (port !== undefined && (url !== undefined || !hasHttp)) return { port, url };
  }
  throw new Error(`the addresses are not among the first ${MAX_LINES} lines of the log`);
}

interface LogEntry {
  event?: string;
  port?: number;
  url?: string;
}
