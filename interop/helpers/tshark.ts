import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folder.js';
import { captureFile, type Segment } from './pcap.js';
import { runChecked } from './process.js';

/** Every value that tshark found in a frame, by the name of its field. */
export type Fields = Record<string, string[]>;

const FIELDS = [
  'frame.protocols',
  'frame.comment',
  'frame.interface_name',
  'data.data',
  'mbrtu.unit_id',
  'mbrtu.crc16.status',
  'mbtcp.trans_id',
  'mbtcp.prot_id',
  'mbtcp.len',
  'mbtcp.unit_id',
  'mbtcp.cannot_classify',
  'modbus.request_frame',
  'modbus.func_code',
  'modbus.exception_code',
  'modbus.byte_cnt',
  'modbus.byte_cnt_16',
  'modbus.bitnum',
  'modbus.bitval',
  'modbus.regnum16',
  'modbus.regval_uint16',
  'modbus.reference_num',
  'modbus.reference_num_32',
  'modbus.reference_type',
  'modbus.read_reference_num',
  'modbus.write_reference_num',
  'modbus.word_cnt',
  'modbus.read_word_cnt',
  'modbus.write_word_cnt',
  'modbus.bit_cnt',
  'modbus.data',
  'modbus.and_mask',
  'modbus.or_mask',
  'modbus.diagnostic_code',
  'modbus.diagnostic.return_query_data.echo',
  'modbus.diagnostic.restart_communication_option',
  'modbus.diagnostic.return_diag_register',
  'modbus.diagnostic.ascii_input_delimiter',
  'modbus.diagnostic.clear_ctr_diag_reg',
  'modbus.diagnostic.bus_message_count',
  'modbus.diagnostic.bus_comm_error_count',
  'modbus.diagnostic.bus_exception_error_count',
  'modbus.diagnostic.slave_message_count',
  'modbus.diagnostic.no_slave_response_count',
  'modbus.diagnostic.slave_nak_count',
  'modbus.diagnostic.slave_busy_count',
  'modbus.diagnostic.bus_char_overrun_count',
  'modbus.ev_status',
  'modbus.ev_count',
  'modbus.ev_msg_count',
  'modbus.event',
  'modbus.mei',
  'modbus.read_device_id',
  'modbus.conformity_level',
  'modbus.more_follows',
  'modbus.next_object_id',
  'modbus.num_objects',
  'modbus.object_id',
  'modbus.object_str_value',
  'modbus.object_value',
  '_ws.expert',
  '_ws.malformed',
];

/** Has tshark dissect a conversation; one entry for each segment. */
export async function dissect(segments: Segment[]): Promise<Fields[]> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'conversation.pcap');
  writeFileSync(file, captureFile(segments));
  return await dissectFile(file, ['-d', 'tcp.port==502,mbtcp']);
}

/** Has tshark dissect a capture; one entry for each packet. */
export async function dissectFile(file: string, options: string[] = []): Promise<Fields[]> {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const output = await runChecked('tshark', ['-r', file, ...options, '-T', 'json', ...fields]);
  const packets: { _source: { layers: Fields } }[] = JSON.parse(output);
  return packets.map((packet) => packet._source.layers);
}

/** What tshark remarks of a packet, its own comment aside. */
export function complaints(packet: Fields): string[] {
  const [comment] = packet['frame.comment'] ?? [];
  const remarks = packet['_ws.expert'] ?? [];
  return [
    ...remarks.filter((remark) => remark !== `Expert Info (Comment/Comment): ${comment}`),
    ...(packet['_ws.malformed'] ?? []),
  ];
}
