import type { Command } from 'commander';
import type { Services } from '../api/services.js';
import { runParts } from '../app/app.js';
import type { Part } from '../app/part.js';
import { defaultFile } from '../config/default-file.js';
import type { Device } from '../device/device.js';
import { openOutput, print } from '../ground/output.js';
import { switchSetting, textSetting, valueSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { type Endpoint, everyAddress, parseEndpoint } from '../listeners/endpoint.js';
import { LISTENERS, OF_SERIAL, OF_TLS } from '../listeners/flags.js';
import { Logger } from '../log/logger.js';
import { addCommand, addSettings, LOG_FORMAT, LOG_LEVEL, PCAP, refuseWords } from './shared.js';

const CONFIG = textSetting(
  '--config FILE',
  'the devices and listeners, in YAML or JSON; - is the standard input. Default: busbar.yaml (or busbar.yml, ' +
    'busbar.json) in the current folder. Without either, a test device is served: unit 1, all four tables from 0 to 65535, everything zero',
);
const CHECK = switchSetting('--check', 'check the config and end; nothing is served');
const PRINT_SCHEMA = switchSetting(
  '--print-schema',
  'print the JSON Schema of the config, with which editors complete it, and end',
);
const WAIT = switchSetting('--no-wait', "end if a serial port can't be opened at the start, instead of waiting for it");

const KEEP = textSetting(
  '--keep DIR',
  'keep what the units hold in this folder, so that it is there again after a restart; the config says more (keep)',
);
const RESET = switchSetting('--reset', 'forget what was kept, and start with the values of the config');

const SEED = valueSetting(
  '--seed N',
  'seed of chance in the simulation: the same one gives the same values (1)',
  wholeNumber,
  undefined,
);
const SPEED = valueSetting(
  '--speed N',
  'speed of time in the simulation; 60 is an hour in a minute (1)',
  speed,
  undefined,
);

function wholeNumber(text: string, flag: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`${flag} takes a whole number, not "${text}"`);
}

function speed(text: string, flag: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= MAX_SPEED) return value;
  throw new UsageError(`${flag} takes a number up to ${MAX_SPEED}, such as 60, not "${text}"`);
}

const MAX_SPEED = 100_000;
const HTTP = valueSetting(
  '--http HOST:PORT',
  'the console and the HTTP API, such as 127.0.0.1:8502; at other addresses than those of this machine alone the config needs http.token',
  httpEndpoint,
  undefined,
);

function httpEndpoint(text: string, flag: string): Required<Endpoint> {
  const endpoint = parseEndpoint(text);
  if (typeof endpoint === 'string') throw new UsageError(`${flag}: ${endpoint}`);
  return { host: everyAddress(), ...endpoint };
}

const WATCH = switchSetting('--watch', 'load the config again whenever it, or a file that it names, has changed');

const DESCRIPTION =
  'Serves the devices of a config file until it is stopped. Ctrl-C, SIGTERM or a closed terminal answers what is in ' +
  'progress and ends; a second one ends at once. SIGHUP loads the config again: what has changed is applied without ' +
  'closing connections that can stay, and values are kept.';

const NOTES = `
The config can say more of each listener: units, functions, diagnostics,
framing, roles, limits, the mode of a socket and others. A capture has the
traffic over TLS in the clear.

Only TLS has encryption and knows who a client is: use the others only where
every client is trusted.

Exit codes: 0 ended as asked, 1 failed (such as a port in use), 2 wrong usage or
config.

Examples:
  busbar serve
  busbar serve --config boiler.yaml --tcp :502
  busbar serve --serial /dev/ttyUSB0 --baud 9600 --parity none --stop-bits 1
  busbar serve --tls :802 --cert server.pem --key server.key --ca ca.pem
  busbar serve --config boiler.yaml --check
  busbar serve --print-schema > busbar.schema.json`;

/** `busbar serve` */
export function addServe(program: Command): void {
  const command = addCommand(program, 'serve', 'serve the devices of a config file');
  command.description(DESCRIPTION).addHelpText('after', NOTES);
  addSettings(command, [
    CONFIG,
    CHECK,
    PRINT_SCHEMA,
    HTTP,
    KEEP,
    RESET,
    SEED,
    SPEED,
    WATCH,
    PCAP,
    LOG_FORMAT,
    LOG_LEVEL,
    WAIT,
  ]);
  for (const { settings, heading } of [LISTENERS, OF_TLS, OF_SERIAL]) addSettings(command, settings, heading);
  refuseWords(command, 'a config file is given with --config FILE');
  command.action(async () => {
    process.exitCode = await serve(command);
  });
}

/** Reads its options, except for the listeners. @throws UsageError */
export function serveOptions(command: Command) {
  checkCombination(command);
  return {
    config: CONFIG.of(command),
    check: CHECK.of(command),
    printSchema: PRINT_SCHEMA.of(command),
    pcap: PCAP.of(command),
    logFormat: LOG_FORMAT.of(command),
    logLevel: LOG_LEVEL.of(command),
    wait: WAIT.of(command),
    keep: KEEP.of(command),
    reset: RESET.of(command),
    seed: SEED.of(command),
    speed: SPEED.of(command),
    watch: WATCH.of(command),
    http: HTTP.of(command),
  };
}

type ServeOptions = ReturnType<typeof serveOptions>;

function checkCombination(command: Command): void {
  const [check, hasConfig, hasCapture] = [CHECK, CONFIG, PCAP].map((setting) => setting.isGiven(command));
  const hasListener = LISTENERS.settings.some((setting) => setting.isGiven(command));
  if (PRINT_SCHEMA.of(command) && (hasConfig || check || hasCapture || hasListener)) {
    throw new UsageError(
      '--print-schema prints the schema and nothing else: give it without --config, --check, --pcap and listeners',
    );
  }
  if (check && hasCapture) throw new UsageError('--check serves nothing that --pcap could write down');
  if (check && RESET.of(command)) throw new UsageError('--check starts nothing, so that there is nothing to --reset');
  if (check && WATCH.of(command)) throw new UsageError('--check serves nothing, so that there is nothing to --watch');
  if (WATCH.of(command) && !hasConfig && defaultFile() === undefined) {
    throw new UsageError('--watch needs a file to watch: --config FILE, or a busbar.yaml in this folder');
  }
  if (check && !hasConfig && defaultFile() === undefined) {
    throw new UsageError('--check needs the file to check: --config FILE, or a busbar.yaml in this folder');
  }
}

/** @returns the exit code. */
async function serve(command: Command): Promise<number> {
  const options = serveOptions(command);
  const { config, check, printSchema, logFormat, logLevel, wait, seed, speed, keep, reset } = options;
  // The library, the YAML parser and the schema are imported from here on only, as help and version do not need them.
  if (printSchema) {
    const { configJsonSchema } = await import('../config/json-schema.js');
    return await print(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
  }
  const { givenListeners } = await import('../listeners/given.js');
  const { Device } = await import('../device/device.js');
  const simulation = { ...(seed !== undefined && { seed }), ...(speed !== undefined && { speed }) };
  const device = await Device.load({ file: config, listeners: givenListeners(command), wait, simulation, keep, reset });
  if (check) {
    const { printCheck } = await import('../app/check.js');
    return await printCheck(device.setup);
  }
  const log = new Logger(logFormat, logLevel, openOutput(process.stdout));
  return await runParts(await partsOf(device, options, log), log);
}

async function partsOf(device: Device, { pcap, watch, http, reset }: ServeOptions, log: Logger): Promise<Part[]> {
  const { DevicePart } = await import('../parts/device.js');
  const { ServicesPart } = await import('../parts/services.js');
  const { WebhooksPart } = await import('../parts/webhooks.js');
  const services = new ServicesPart(device, log);
  const hasApi = http !== undefined || device.setup.http !== undefined;
  const api = hasApi ? await apiPart(await services.get(), http, log) : undefined;
  const served = new DevicePart(device, log, () => api?.url);
  return [
    ...(await lastingParts(device, reset, log)),
    ...(pcap === undefined ? [] : [await capturePart(device, pcap, log)]),
    services,
    ...(api === undefined ? [] : [api]),
    new WebhooksPart(device, log, () => services.get()),
    served,
    ...(watch ? [await watchPart(device, () => void served.reload?.())] : []),
  ];
}

/** First, so that nobody can write before the values are there. */
async function lastingParts(device: Device, reset: boolean, log: Logger): Promise<Part[]> {
  const { keep, share } = device.setup;
  if (keep !== undefined) return [new (await import('../parts/storage.js')).StoragePart(device, reset, log)];
  return share === undefined ? [] : [new (await import('../parts/sharing.js')).SharingPart(device, log)];
}

async function apiPart(services: Services, given: ServeOptions['http'], log: Logger) {
  const { httpAt, LOCAL_HTTP } = await import('../config/http.js');
  const { ApiPart } = await import('../parts/api.js');
  const { http = LOCAL_HTTP } = services.device.setup;
  return new ApiPart(services, given === undefined ? http : httpAt(given, http), log);
}

async function capturePart(device: Device, path: string, log: Logger): Promise<Part> {
  const { CapturePart, captureBound } = await import('../parts/capture.js');
  return new CapturePart(path, log, (capture) => {
    for (const bound of device.boundServers) captureBound(capture, bound);
    device.on('added', (bound) => captureBound(capture, bound));
  });
}

async function watchPart(device: Device, reload: () => void): Promise<Part> {
  const { WatchPart } = await import('../parts/watch.js');
  return new WatchPart(() => device.files, reload);
}
