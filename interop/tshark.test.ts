import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { device } from './helpers/device.js';
import type { Segment } from './helpers/pcap.js';
import { dissect, type Fields } from './helpers/tshark.js';
import { exchange, frame } from './helpers/wire.js';

/** What is sent, in this order and in one go, and what tshark must read from the replies (only the named fields). */
const exchanges: { title: string; request: string; reply: Record<string, string | string[]> }[] = [
  {
    title: '01 read coils',
    request: '0100000008',
    reply: { func_code: '1', byte_cnt: '1', bitnum: [...'01234567'], bitval: [...'10110011'] },
  },
  {
    title: '02 read discrete inputs',
    request: '0200010003',
    reply: { func_code: '2', byte_cnt: '1', bitnum: [...'123'], bitval: [...'110'] },
  },
  {
    title: '03 read holding registers',
    request: '0300000003',
    reply: { func_code: '3', byte_cnt: '6', regnum16: [...'012'], regval_uint16: ['20', '21', '22'] },
  },
  {
    title: '04 read input registers',
    request: '0400010002',
    reply: { func_code: '4', byte_cnt: '4', regnum16: [...'12'], regval_uint16: ['2', '65535'] },
  },
  {
    title: '05 write single coil',
    request: '05006eff00',
    reply: { func_code: '5', reference_num: '110', data: 'ff00' },
  },
  {
    title: '06 write single register',
    request: '06006e1234',
    reply: { func_code: '6', reference_num: '110', data: '1234' },
  },
  { title: '07 read exception status', request: '07', reply: { func_code: '7', data: '73' } },
  {
    title: '08/00 return query data',
    request: '080000a5370102',
    reply: { func_code: '8', diagnostic_code: '0', 'diagnostic.return_query_data.echo': 'a5370102' },
  },
  {
    title: '08/02 return diagnostic register',
    request: '0800020000',
    reply: { diagnostic_code: '2', 'diagnostic.return_diag_register': '0x0000' },
  },
  {
    title: '08/03 change ASCII input delimiter',
    request: '0800032300',
    reply: { diagnostic_code: '3', 'diagnostic.ascii_input_delimiter': '0x23' },
  },
  {
    title: '08/0B return bus message count',
    request: '08000b0000',
    reply: { diagnostic_code: '11', 'diagnostic.bus_message_count': '11' },
  },
  {
    title: '08/0C return bus communication error count',
    request: '08000c0000',
    reply: { diagnostic_code: '12', 'diagnostic.bus_comm_error_count': '0' },
  },
  {
    title: '08/0D return bus exception error count',
    request: '08000d0000',
    reply: { diagnostic_code: '13', 'diagnostic.bus_exception_error_count': '0' },
  },
  {
    title: '08/0E return server message count',
    request: '08000e0000',
    reply: { diagnostic_code: '14', 'diagnostic.slave_message_count': '14' },
  },
  {
    title: '08/0F return server no response count',
    request: '08000f0000',
    reply: { diagnostic_code: '15', 'diagnostic.no_slave_response_count': '0' },
  },
  {
    title: '08/10 return server NAK count',
    request: '0800100000',
    reply: { diagnostic_code: '16', 'diagnostic.slave_nak_count': '0' },
  },
  {
    title: '08/11 return server busy count',
    request: '0800110000',
    reply: { diagnostic_code: '17', 'diagnostic.slave_busy_count': '0' },
  },
  {
    title: '08/12 return bus character overrun count',
    request: '0800120000',
    reply: { diagnostic_code: '18', 'diagnostic.bus_char_overrun_count': '0' },
  },
  { title: '08/14 clear overrun counter', request: '0800140000', reply: { diagnostic_code: '20', data: '0000' } },
  {
    title: '08/01 restart communications, clearing the event log',
    request: '080001ff00',
    reply: { diagnostic_code: '1', 'diagnostic.restart_communication_option': '0xff00' },
  },
  {
    title: '08/0A clear counters and diagnostic register',
    request: '08000a0000',
    reply: { diagnostic_code: '10', 'diagnostic.clear_ctr_diag_reg': '0' },
  },
  {
    title: '0B get comm event counter',
    request: '0b',
    reply: { func_code: '11', ev_status: '0x0000', ev_count: '0' },
  },
  {
    title: '0C get comm event log',
    request: '0c',
    reply: { func_code: '12', ev_status: '0x0000', ev_count: '0', ev_msg_count: '2' },
  },
  {
    title: '0F write multiple coils',
    request: '0f0078000a02cd01',
    reply: { func_code: '15', reference_num: '120', bit_cnt: '10' },
  },
  {
    title: '10 write multiple registers',
    request: '10007800020400010002',
    reply: { func_code: '16', reference_num: '120', word_cnt: '2' },
  },
  {
    title: '11 report server id',
    request: '11',
    reply: { func_code: '17', data: '0a11ff41636d6520422d31' },
  },
  {
    title: '14 read file record',
    request: '140706000400010002',
    reply: { func_code: '20', byte_cnt: ['6', '5'], reference_type: '6', data: '00030006' },
  },
  {
    title: '15 write file record',
    request: '150906000527060001abcd',
    reply: {
      func_code: '21',
      byte_cnt: '9',
      reference_type: '6',
      reference_num_32: String(0x52706),
      word_cnt: '1',
      data: 'abcd',
    },
  },
  {
    title: '16 mask write register',
    request: '16008200f20025',
    reply: { func_code: '22', reference_num: '130', and_mask: '0x00f2', or_mask: '0x0025' },
  },
  {
    title: '17 read/write multiple registers',
    request: '170000000200790001020009',
    reply: { func_code: '23', byte_cnt: '4', data: '00140015' },
  },
  {
    title: '18 read FIFO queue',
    request: '1801f4',
    reply: { func_code: '24', byte_cnt_16: '14', word_cnt: '6', data: '000a0014001e00280032003c' },
  },
  {
    title: '2B/0E read device identification, basic',
    request: '2b0e0100',
    reply: {
      func_code: '43',
      mei: '14',
      read_device_id: '1',
      conformity_level: '0x83',
      more_follows: '0x00',
      next_object_id: '0',
      num_objects: '3',
      object_id: [...'012'],
      object_str_value: ['Acme', 'B-1', '1.0'],
    },
  },
  {
    title: '2B/0E read device identification, one private object',
    request: '2b0e0481',
    reply: { read_device_id: '4', num_objects: '1', object_id: '129', object_value: '00ff' },
  },
  ...exceptions([
    ['03 for 01 with a quantity of 0', '0100000000', '1', '3'],
    ['02 for 02 outside of the table', '02ffff0001', '2', '2'],
    ['02 for 03 outside of the table', '03ffff0002', '3', '2'],
    ['03 for 04 with a quantity of 126', '040000007e', '4', '3'],
    ['03 for 05 with a value between on and off', '0500641234', '5', '3'],
    ['02 for 06 outside of the table', '0600051234', '6', '2'],
    ['03 for 08/02 with data', '0800020001', '8', '3'],
    ['01 for an unknown sub-function of 08', '0800630000', '8', '1'],
    ['03 for 0F with a wrong byte count', '0f0078000a01cd', '15', '3'],
    ['02 for 10 outside of the table', '10000500010200aa', '16', '2'],
    ['02 for 14 of an unknown file', '140706000900010002', '20', '2'],
    ['02 for 15 of an unknown file', '150906000900010001abcd', '21', '2'],
    ['02 for 16 outside of the table', '16000500f20025', '22', '2'],
    ['02 for 17 with a read outside of the table', '170005000200790001020009', '23', '2'],
    ['02 for 18 where there is no queue', '1801f6', '24', '2'],
    ['02 for 2B/0E of an unknown object', '2b0e04c8', '43', '2'],
    ['01 for 2B/0D', '2b0d0000', '43', '1'],
    ['01 for a function that nobody serves', '41', '65', '1'],
  ]),
];

function exceptions(rows: [title: string, request: string, functionCode: string, exceptionCode: string][]) {
  return rows.map(([title, request, func_code, exception_code]) => ({
    title: `exception ${title}`,
    request,
    reply: { func_code, exception_code },
  }));
}

let busbar: RunningBusbar;
let replies: Buffer[];
let dissected: Fields[];

beforeAll(async () => {
  const listen = device.listen.map((listener) => ({ ...listener, diagnostics: 'all' }));
  busbar = await startBusbar({ ...device, listen });
  const requests = exchanges.map(({ request }, index) => frame(request, index + 1));
  replies = await exchange(busbar.port, requests);
  const segments = requests.flatMap((request, index): Segment[] => [
    { from: 'client', bytes: request },
    { from: 'server', bytes: replies[index] ?? Buffer.alloc(0) },
  ]);
  dissected = await dissect(segments);
});
afterAll(() => busbar?.stop());

/** tshark's fields of the reply to exchange `index`, by their names without "modbus.". */
function replyFields(index: number): Fields {
  const fields = Object.entries(dissected[2 * index + 1] ?? {});
  return Object.fromEntries(fields.map(([name, values]) => [name.replace(/^modbus\./, ''), values]));
}

describe('tshark decodes the reply to', () => {
  test.each(exchanges.map((one, index) => ({ ...one, index })))('$title', ({ index, reply }) => {
    const wanted = Object.entries(reply).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]);
    expect(replyFields(index)).toMatchObject(Object.fromEntries(wanted));
  });
});

test('tshark finds nothing to complain of, no leftover byte, and the request to every reply but exceptions', () => {
  expect(dissected).toHaveLength(2 * exchanges.length);
  for (const index of exchanges.keys()) {
    const fields = replyFields(index);
    expect(fields, exchanges[index]?.title).toMatchObject({
      'frame.protocols': ['raw:ip:tcp:mbtcp:modbus'],
      'mbtcp.trans_id': [String(index + 1)],
      'mbtcp.prot_id': ['0'],
      'mbtcp.unit_id': ['1'],
      'mbtcp.len': [String((replies[index]?.length ?? 0) - 6)],
    });
    if (!fields.exception_code) expect(fields.request_frame).toEqual([String(2 * index + 1)]);
    for (const complaint of ['_ws.expert', '_ws.malformed', 'mbtcp.cannot_classify']) {
      expect(fields, exchanges[index]?.title).not.toHaveProperty([complaint]);
    }
  }
});
