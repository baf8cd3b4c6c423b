import { describe, expect, test } from 'vitest';
import { problems } from './helpers/problems.js';

describe('wrong listeners of a config', () => {
  const listen = (listener: string) => `listen:\n- ${listener}\nunits: [{id: 1}]`;

  test.each([
    ['{port: 502}', 'x:2:3: listen[0]: expected the key "type" (one of tcp, udp, tls, serial, unix), found none'],
    [
      '{type: tpc, port: 502}',
      'x:2:10: listen[0].type: expected one of tcp, udp, tls, serial, unix, found the text "tpc"; did you mean "tcp"?',
    ],
    ['{type: tcp}', 'x:2:3: listen[0]: expected the key "port" (a whole number from 0 to 65535), found none'],
    [
      '{type: tcp, host: "", port: 1}',
      'x:2:21: listen[0].host: expected a text of at least 1 character, found the text ""',
    ],
    [
      '{type: tcp, port: 1, baud: 9600}',
      'x:2:24: listen[0].baud: unknown key; expected one of type, host, port, reusePort, framing, priorityClients, name, units, unknownUnit, functions, diagnostics, limits, silence',
    ],
    [
      '{type: tcp, port: 1, limits: {connections: 0}}',
      'x:2:46: listen[0].limits.connections: expected a whole number from 1 to 1000000000, found 0',
    ],
    [
      '{type: tcp, port: 1, framing: rtuu}',
      'x:2:33: listen[0].framing: expected one of mbap, rtu, ascii, found the text "rtuu"; did you mean "rtu"?',
    ],
    ['{type: udp}', 'x:2:3: listen[0]: expected the key "port" (a whole number from 0 to 65535), found none'],
    [
      '{type: udp, port: 1, priorityClients: []}',
      'x:2:24: listen[0].priorityClients: unknown key; expected one of type, host, port, reusePort, framing, allowServerPorts, name, units, unknownUnit, functions, diagnostics, limits, silence',
    ],
    [
      '{type: unix, path: a, mode: 0668}',
      'x:2:31: listen[0].mode: expected permissions as three octal digits, such as 660, found the text "0668"',
    ],
    [
      '{type: unix, path: a, mode: rw-rw----}',
      'x:2:31: listen[0].mode: expected permissions as three octal digits, such as 660, found the text "rw-rw----"',
    ],
    [
      '{type: unix, path: a, mode: true}',
      'x:2:31: listen[0].mode: expected permissions as three octal digits, such as 660, found true',
    ],
    [
      `{type: unix, path: ${'a'.repeat(120)}}`,
      expect.stringMatching(
        /^x:2:22: listen\[0\]\.path: the path of a socket has at most 10[37] bytes here, found 120: /,
      ),
    ],
    [
      '{type: tcp, port: 0, priorityClients: [10.0.0.0/8, plc]}',
      'x:2:54: listen[0].priorityClients[1]: expected an IP address or a network such as 192.168.1.0/24, found "plc"',
    ],
    ['{type: unix}', 'x:2:3: listen[0]: expected the key "path" (a text of at least 1 character), found none'],
    ['{type: serial}', 'x:2:3: listen[0]: expected the key "path" (a text of at least 1 character), found none'],
    [
      '{type: serial, path: COM3, parity: evne}',
      'x:2:38: listen[0].parity: expected one of even, odd, none, found the text "evne"; did you mean "even"?',
    ],
    [
      '{type: serial, path: COM3, framing: mbap}',
      'x:2:39: listen[0].framing: expected one of rtu, ascii, found the text "mbap"',
    ],
    ['{type: serial, path: COM3, dataBits: 9}', 'x:2:40: listen[0].dataBits: expected one of 7, 8, found 9'],
    [
      '{type: serial, path: COM3, dataBits: 7}',
      'x:2:40: listen[0].dataBits: expected 8, found 7: RTU frames are made of 8-bit bytes',
    ],
    [
      '{type: serial, path: COM3, rts: {activ: low}}',
      'x:2:36: listen[0].rts.activ: unknown key; expected one of active, delayBefore, delayAfter; did you mean "active"?',
    ],
    [
      '{type: serial, path: COM3, reconnect: 5}',
      'x:2:41: listen[0].reconnect: expected true or false, or a map with initialDelay, maxDelay, atStart, found 5',
    ],
    [
      '{type: serial, path: COM3, reconnect: {initialDelay: 500, maxDelay: 100}}',
      'x:2:71: listen[0].reconnect.maxDelay: expected an integer from 500 to 2147483647, found 100',
    ],
    [
      '{type: serial, path: COM3, silence: 0}',
      'x:2:39: listen[0].silence: expected a whole number from 1 to 60000, found 0',
    ],
    [
      '{type: tcp, port: 1, framing: rtu, silence: 60001}',
      'x:2:47: listen[0].silence: expected a whole number from 1 to 60000, found 60001',
    ],
    [
      '{type: serial, path: COM3, turnaroundDelay: 10001}',
      'x:2:47: listen[0].turnaroundDelay: expected a whole number from 0 to 10000, found 10001',
    ],
    [
      '{type: serial, path: COM3, discardStaleReplies: 1}',
      'x:2:51: listen[0].discardStaleReplies: expected true or false, found 1',
    ],
    [
      '{type: udp, port: 1, turnaroundDelay: 5}',
      'x:2:24: listen[0].turnaroundDelay: unknown key; expected one of type, host, port, reusePort, framing, allowServerPorts, name, units, unknownUnit, functions, diagnostics, limits, silence',
    ],
  ])('%s', (listener, expected) => {
    expect(problems(listen(listener))).toEqual([expected]);
  });

  test.each([
    [
      '{type: tls, certFile: c, keyFile: k}',
      [
        "x:2:3: listen[0].caFile: the CA that clients' certificates must come from is missing; without client certificates: requireClientCertificate: false",
        'x:2:25: listen[0].certFile: c: there is no such file',
        'x:2:37: listen[0].keyFile: k: there is no such file',
      ],
    ],
    [
      '{type: tls, keyFile: k, caFile: a}',
      [
        'x:2:3: listen[0]: expected the key "certFile" (a text of at least 1 character), found none',
        'x:2:24: listen[0].keyFile: k: there is no such file',
        'x:2:35: listen[0].caFile: a: there is no such file',
      ],
    ],
    [
      '{type: tls, certFile: c, keyFile: k, roles: [{functions: [3]}], caFile: a}',
      [
        'x:2:25: listen[0].certFile: c: there is no such file',
        'x:2:37: listen[0].keyFile: k: there is no such file',
        'x:2:48: listen[0].roles[0]: expected the key "role" (a text of at least 1 character, or null), found none',
        'x:2:75: listen[0].caFile: a: there is no such file',
      ],
    ],
    [
      '{type: tls, certFile: c, keyFile: k, roles: [{role: a, units: [256]}], caFile: a}',
      [
        'x:2:25: listen[0].certFile: c: there is no such file',
        'x:2:37: listen[0].keyFile: k: there is no such file',
        'x:2:66: listen[0].roles[0].units[0]: expected a whole number from 0 to 255, found 256',
        'x:2:82: listen[0].caFile: a: there is no such file',
      ],
    ],
    [
      '{type: tls, certFile: c, keyFile: k, minVersion: TLSv1.1, caFile: a}',
      [
        'x:2:25: listen[0].certFile: c: there is no such file',
        'x:2:37: listen[0].keyFile: k: there is no such file',
        'x:2:52: listen[0].minVersion: expected one of TLSv1.2, TLSv1.3, found the text "TLSv1.1"; did you mean "TLSv1.2"?',
        'x:2:69: listen[0].caFile: a: there is no such file',
      ],
    ],
  ])('with TLS, beside files that are missing: %s', (listener, expected) => {
    expect(problems(listen(listener))).toEqual(expected);
  });
});
