import { describe, expect, test } from 'vitest';
import { readDocument } from '../../../../interop/helpers/document.js';

/** What pymodbus's page on its server package documents. */
const PYMODBUS = [
  ...['StartAsyncTcpServer', 'StartAsyncTlsServer', 'StartAsyncUdpServer', 'StartAsyncSerialServer'],
  ...['StartTcpServer', 'StartTlsServer', 'StartUdpServer', 'StartSerialServer', 'ServerAsyncStop', 'ServerStop'],
  ...['ModbusTcpServer', 'ModbusTlsServer', 'ModbusUdpServer', 'ModbusSerialServer', 'sslctx_provider'],
  ...['ModbusBaseRequestHandler', 'ModbusConnectedRequestHandler', 'ModbusDisconnectedRequestHandler'],
  ...['ModbusSingleRequestHandler', 'connection_made', 'connection_lost', 'data_received', 'datagram_received'],
  ...['error_received', 'handle', 'execute', 'send', 'serve_forever', 'server_close', 'shutdown', 'start'],
  ...['on_connection_lost', 'context', 'identity', 'address', 'custom_functions', 'defer_start', 'framer', 'handler'],
  ...['sslctx', 'certfile', 'keyfile', 'password', 'reqclicert', 'allow_reuse_address', 'allow_reuse_port', 'backlog'],
  ...['port', 'baudrate', 'bytesize', 'parity', 'stopbits', 'timeout', 'handle_local_echo', 'auto_reconnect'],
  ...['reconnect_delay', 'zero_mode', 'ModbusServerContext', 'ModbusSlaveContext', 'ModbusDeviceIdentification'],
  ...['ignore_missing_slaves', 'broadcast_enable', 'response_manipulator', 'request_tracer'],
];

const guide = readDocument('docs/from-pymodbus.md');
const [overview, ...sections] = guide.split('\n## ');
const examples = new Map(sections.map((section) => [section.split('\n', 1)[0], /^```[jt]s$/m.test(section)]));
const anchors = [...examples].map(([title, hasExample]) => ({
  anchor: title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-'),
  hasExample,
}));
const rows = overview.split('\n').filter((line) => line.startsWith('| ['));

describe('the guide from pymodbus', () => {
  test('has a row for every part of the original', () => {
    expect(rows.length).toBe(21);
  });

  test.each(rows)('has a section with an example for the row %s', (row) => {
    const anchor = /\]\(#([\w-]+)\)/.exec(row)?.[1];
    expect(anchors).toContainEqual({ anchor, hasExample: true });
  });

  test('names everything that the original documents', () => {
    expect(PYMODBUS.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide))).toEqual([]);
  });
});
