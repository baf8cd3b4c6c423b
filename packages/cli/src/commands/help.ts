import { readFileSync } from 'node:fs';

export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const manifest: { version: string } = JSON.parse(text);
  return manifest.version;
}

const GENERAL = `Busbar serves Modbus devices.

Usage: busbar <command> [options]

Commands
  serve              serve the devices of a config file
  monitor            listen to a serial line, and tell what its stations say
  certs              make certificates for a first try of TLS
  help [command]     explain a command

Options
  -h, --help         explain the command
  --version          print the version

Try: busbar serve --tcp 127.0.0.1:5020`;

const SERVE = `Usage: busbar serve [options]

Serves the devices of a config file until it is stopped. Ctrl-C, SIGTERM or SIGHUP (a closed terminal) answers what is in
progress and ends; a second one ends at once.

Options
  --config FILE          the devices and listeners, in YAML or JSON. Without it a test device is served: unit 1, all
                         four tables from 0 to 65535, everything zero
  --check                check the config and end; nothing is served
  --print-schema         print the JSON Schema of the config, with which editors complete it, and end
  --log-format FORMAT    pretty (default), or json: one JSON object a line
  --log-level LEVEL      error, warn, info (default) or debug (with every write of a client)
  --pcap FILE            write all requests and replies to a capture that Wireshark opens, those over TLS in the clear
  -h, --help             print this
  --version              print the version

Listeners; they replace all those of the config, and each may be given several times. Without any, here or there:
--tcp 127.0.0.1:5020
  --tcp HOST:PORT        Modbus/TCP. 127.0.0.1:5020, [::1]:5020, localhost:5020, :5020 (every address); port 0 takes
                         any free one
  --udp HOST:PORT        the same over UDP
  --unix PATH            the same over a Unix domain socket; on Windows a named pipe
  --tls HOST:PORT        Modbus/TCP Security, for all --tls with
    --cert FILE          the certificate of this server, in PEM
    --key FILE           its private key, in PEM
    --passphrase-file FILE   what the key is encrypted with
    --ca FILE            the authorities that client certificates must come from, in PEM
    --no-client-certificate  let in clients without a certificate, too
  --serial PORT          a serial line: /dev/ttyUSB0, COM3. For all --serial with
    --baud N             bits per second (19200)
    --parity PARITY      even (default), odd or none
    --stop-bits N        1 (default), or 2 (default without parity)
    --ascii              ASCII rather than RTU
    --silence MS         milliseconds without a byte after which a begun frame is given up (50; on slow lines more)
  --no-wait              end if a serial port can't be opened at the start, instead of waiting for it
The config can say more of each: units, functions, diagnostics, framing, roles, limits, the mode of a socket and others.

Only TLS has encryption and knows who a client is: use the others only where every peer is trusted.

Exit codes: 0 ended as asked, 1 failed (such as a port in use), 2 wrong usage or config.

Examples
  busbar serve
  busbar serve --config boiler.yaml --tcp :502
  busbar serve --serial /dev/ttyUSB0 --baud 9600 --parity none --stop-bits 1
  busbar serve --tls :802 --cert server.pem --key server.key --ca ca.pem
  busbar serve --config boiler.yaml --check
  busbar serve --print-schema > busbar.schema.json`;

const MONITOR = `Usage: busbar monitor --serial PORT [options]

Listens to a serial line without ever sending: shows the requests and replies of all stations, with their times, what made
no sense, and which requests got no reply. Ctrl-C ends it.

Options
  --serial PORT          the line: /dev/ttyUSB0, COM3; an adapter of its own, beside those of the stations
  --baud N               bits per second (19200)
  --parity PARITY        even (default), odd or none
  --stop-bits N          1 (default), or 2 (default without parity)
  --ascii                ASCII rather than RTU
  --silence MS           milliseconds without a byte after which a begun frame is given up (50; on slow lines more)
  --pcap FILE            write it all to a capture, too, that Wireshark opens; see below
  --log-format FORMAT    pretty (default), or json: one JSON object a line
  -h, --help             print this
  --version              print the version

Each line has the time, the silence before, and
  > 2  a request to unit 2          ? bytes that belong to no frame
  < 2  the reply of unit 2          ! 2  unit 2 has not replied

Wireshark tells requests from replies by a port, and serial lines have none. So name one, here or in its preferences of
Modbus RTU:
  wireshark -o mbrtu.tcp.port:502 bus.pcapng

Exit codes: 0 ended as asked, 1 failed (such as a port in use), 2 wrong usage.

Examples
  busbar monitor --serial /dev/ttyUSB0 --baud 9600 --parity none --stop-bits 1
  busbar monitor --serial /dev/ttyUSB0 --pcap bus.pcapng --log-format json`;

const CERTS = `Usage: busbar certs [options]

Makes what a first try of Modbus/TCP Security needs: a certificate authority, a server certificate of it, and client
certificates, each with its private key, in PEM. They are for tests: real ones come from an authority of yours.

Options
  --out DIR       folder for the files (certs)
  --host NAME     a name or IP address of the server, beside localhost, 127.0.0.1 and ::1; may be given several times
  --role ROLE     makes client-ROLE.pem, for a client with this role; may be given several times. client.pem has none
  --days N        how long they are valid (365)
  --force         replace files that exist
  -h, --help      print this

Exit codes: 0 made, 1 failed (such as files that exist), 2 wrong usage.

Examples
  busbar certs --role operator --role viewer
  busbar serve --tls :8802 --cert certs/server.pem --key certs/server.key --ca certs/ca.pem`;

const TOPICS: Readonly<Record<string, string>> = { serve: SERVE, monitor: MONITOR, certs: CERTS };

export function helpText(topic: string | undefined): string {
  return TOPICS[topic ?? ''] ?? GENERAL;
}
