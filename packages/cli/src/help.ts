import { readFileSync } from 'node:fs';

export function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const manifest: { version: string } = JSON.parse(text);
  return manifest.version;
}

const GENERAL = `Busbar serves Modbus devices.

Usage: busbar <command> [options]

Commands
  serve              serve the devices of a config file
  help [command]     explain a command

Options
  -h, --help         explain the command
  --version          print the version

Try: busbar serve --tcp 127.0.0.1:5020`;

const SERVE = `Usage: busbar serve [options]

Serves the devices of a config file until it is stopped: Ctrl-C (or SIGTERM) answers what is in progress and ends,
a second Ctrl-C ends at once.

Options
  --config FILE          the devices and listeners, in YAML or JSON. Without it a test device is served: unit 1, all
                         four tables from 0 to 65535, everything zero
  --tcp HOST:PORT        listen for Modbus/TCP here, beside the listeners of the config; may be given several times.
                         127.0.0.1:5020, [::1]:5020, localhost:5020, :5020 (every address); port 0 takes any free one.
                         Without any listener it is 127.0.0.1:5020
  --check                check the config and end; nothing is served
  --print-schema         print the JSON Schema of the config, with which editors complete it, and end
  --log-format FORMAT    pretty (default), or json: one JSON object a line
  --log-level LEVEL      error, warn, info (default) or debug (with every write of a client)
  -h, --help             print this
  --version              print the version

Modbus/TCP has no passwords and no encryption: listen only where every peer is trusted.

Exit codes: 0 ended as asked, 1 failed (such as a port in use), 2 wrong usage or config.

Examples
  busbar serve
  busbar serve --config boiler.yaml --tcp :502
  busbar serve --config boiler.yaml --check
  busbar serve --print-schema > busbar.schema.json`;

export function helpText(topic: string | undefined): string {
  return topic === 'serve' ? SERVE : GENERAL;
}
