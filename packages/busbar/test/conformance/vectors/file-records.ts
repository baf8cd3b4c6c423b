import { sequence } from '../../helpers/hex.js';
import type { VectorTable } from '../vector.js';

const GROUP = 'type:06 file:0004 record:0001 length:0001';
const WRITE = 'type:06 file:0004 record:0001 length:0001 values:ABCD';

/** Function code 14. */
export const readFileRecord: VectorTable = {
  code: '14',
  name: 'read file record',
  wellFormed: [`fc:14 byteCount:07 ${GROUP}`, `fc:14 byteCount:0E ${GROUP} ${GROUP}`],
  vectors: [
    {
      title: "reads the document's example: two groups from two files",
      request: 'fc:14 byteCount:0E type:06 file:0004 record:0001 length:0002 type:06 file:0003 record:0009 length:0002',
      reply: 'fc:14 dataLength:0C length:05 type:06 values:0DFE_0020 length:05 type:06 values:33CD_0040',
    },
    {
      title: 'reads a single record',
      request: 'fc:14 byteCount:07 type:06 file:0004 record:0000 length:0001',
      reply: 'fc:14 dataLength:04 length:03 type:06 values:4000',
    },
    {
      title: 'reads the most groups, 35',
      request: 'fc:14 byteCount:F5 groups:06000400000001*35',
      reply: 'fc:14 dataLength:8C groups:03064000*35',
    },
    {
      title: 'reads the most records that fit a reply, 124',
      request: 'fc:14 byteCount:07 type:06 file:0003 record:0014 length:007C',
      reply: `fc:14 dataLength:FA length:F9 type:06 values:${sequence(0x3014, 124)}`,
    },
    {
      title: 'refuses one record more than fits a reply',
      request: 'fc:14 byteCount:07 type:06 file:0003 record:0014 length:007D',
      reply: 'fc:94 exception:03',
    },
    {
      title: 'reads the most records that fit a reply of two groups, 123',
      request: 'fc:14 byteCount:0E type:06 file:0003 record:0014 length:003E type:06 file:0003 record:0014 length:003D',
      reply: `fc:14 dataLength:FA length:7D type:06 values:${sequence(0x3014, 62)} length:7B type:06 values:${sequence(0x3014, 61)}`,
    },
    {
      title: 'refuses one record more than fits a reply of two groups',
      request: 'fc:14 byteCount:0E type:06 file:0003 record:0014 length:003E type:06 file:0003 record:0014 length:003E',
      reply: 'fc:94 exception:03',
    },
    {
      title: 'refuses 65535 records',
      request: 'fc:14 byteCount:07 type:06 file:0003 record:0000 length:FFFF',
      reply: 'fc:94 exception:03',
    },
    {
      title: 'reads up to the last record number, 270F',
      request: 'fc:14 byteCount:07 type:06 file:0006 record:270E length:0002',
      reply: 'fc:14 dataLength:06 length:05 type:06 values:6AAA_6BBB',
    },
    {
      title: 'refuses to read over record 270F',
      request: 'fc:14 byteCount:07 type:06 file:0006 record:270F length:0002',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'refuses record 2710',
      request: 'fc:14 byteCount:07 type:06 file:0006 record:2710 length:0001',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'refuses record FFFF',
      request: 'fc:14 byteCount:07 type:06 file:0004 record:FFFF length:0001',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'reads the last file number, 65535',
      request: 'fc:14 byteCount:07 type:06 file:FFFF record:0000 length:0001',
      reply: 'fc:14 dataLength:04 length:03 type:06 values:FFFF',
    },
    {
      title: 'reads the last record of a file',
      request: 'fc:14 byteCount:07 type:06 file:0004 record:0009 length:0001',
      reply: 'fc:14 dataLength:04 length:03 type:06 values:4009',
    },
    {
      title: 'refuses records beyond the file',
      request: 'fc:14 byteCount:07 type:06 file:0004 record:0009 length:0002',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'refuses file 0',
      request: 'fc:14 byteCount:07 type:06 file:0000 record:0001 length:0001',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'refuses an unknown file',
      request: 'fc:14 byteCount:07 type:06 file:0007 record:0001 length:0001',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'refuses reference type 5',
      request: 'fc:14 byteCount:07 type:05 file:0004 record:0001 length:0001',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'refuses reference type 0',
      request: 'fc:14 byteCount:07 type:00 file:0004 record:0001 length:0001',
      reply: 'fc:94 exception:02',
    },
    {
      title: 'answers no group when the second is refused',
      request: `fc:14 byteCount:0E ${GROUP} type:06 file:0007 record:0001 length:0001`,
      reply: 'fc:94 exception:02',
    },
    { title: 'refuses a byte count of 0', request: 'fc:14 byteCount:00', reply: 'fc:94 exception:03' },
    {
      title: 'refuses a byte count below a group',
      request: 'fc:14 byteCount:06 group:060004000100',
      reply: 'fc:94 exception:03',
    },
    {
      title: 'refuses a byte count between two groups',
      request: `fc:14 byteCount:08 ${GROUP} more:06`,
      reply: 'fc:94 exception:03',
    },
    {
      title: 'refuses a byte count over F5',
      request: 'fc:14 byteCount:FB groups:06000400000001*35 more:000000000000',
      reply: 'fc:94 exception:03',
    },
    {
      title: 'refuses fewer bytes than the byte count says',
      request: `fc:14 byteCount:0E ${GROUP}`,
      reply: 'fc:94 exception:03',
    },
    {
      title: 'refuses more bytes than the byte count says',
      request: `fc:14 byteCount:07 ${GROUP} ${GROUP}`,
      reply: 'fc:94 exception:03',
    },
    {
      title: 'checks the byte count before the file',
      request: 'fc:14 byteCount:08 type:06 file:0007 record:0001 length:0001',
      reply: 'fc:94 exception:03',
    },
    {
      title: 'checks the size of the reply before the file',
      request: 'fc:14 byteCount:07 type:06 file:0007 record:0001 length:007D',
      reply: 'fc:94 exception:03',
    },
  ],
};

/** Function code 15. */
export const writeFileRecord: VectorTable = {
  code: '15',
  name: 'write file record',
  wellFormed: [`fc:15 dataLength:09 ${WRITE}`, `fc:15 dataLength:12 ${WRITE} ${WRITE}`],
  vectors: [
    {
      title: "writes and echoes the document's example: three records of file 4",
      request: 'fc:15 dataLength:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
      reply: 'fc:15 dataLength:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
      changes: { files: { '4/7': 0x06af, '4/8': 0x04be, '4/9': 0x100d } },
    },
    {
      title: 'writes two groups to two files',
      request: `fc:15 dataLength:12 ${WRITE} type:06 file:0003 record:0000 length:0001 values:BEEF`,
      reply: `fc:15 dataLength:12 ${WRITE} type:06 file:0003 record:0000 length:0001 values:BEEF`,
      changes: { files: { '4/1': 0xabcd, '3/0': 0xbeef } },
    },
    {
      title: 'writes the most records, 122, in the largest PDU',
      request: 'fc:15 dataLength:FB type:06 file:0003 record:0000 length:007A values:A55A*122',
      reply: 'fc:15 dataLength:FB type:06 file:0003 record:0000 length:007A values:A55A*122',
      changes: { files: Object.fromEntries(Array.from({ length: 122 }, (_, record) => [`3/${record}`, 0xa55a])) },
    },
    {
      title: 'refuses 124 records, which fit no frame',
      request: 'fc:15 dataLength:FF type:06 file:0003 record:0000 length:007C values:A55A*124',
      reply: 'fc:95 exception:03',
    },
    {
      title: 'writes the last record number, 270F',
      request: 'fc:15 dataLength:09 type:06 file:0006 record:270F length:0001 values:0001',
      reply: 'fc:15 dataLength:09 type:06 file:0006 record:270F length:0001 values:0001',
      changes: { files: { '6/9999': 1 } },
    },
    {
      title: 'refuses to write over record 270F and writes none',
      request: 'fc:15 dataLength:0B type:06 file:0006 record:270F length:0002 values:0001_0002',
      reply: 'fc:95 exception:02',
    },
    {
      title: 'refuses record 2710',
      request: 'fc:15 dataLength:09 type:06 file:0006 record:2710 length:0001 values:0001',
      reply: 'fc:95 exception:02',
    },
    {
      title: 'refuses records beyond the file and writes none',
      request: 'fc:15 dataLength:0B type:06 file:0004 record:0009 length:0002 values:0001_0002',
      reply: 'fc:95 exception:02',
    },
    {
      title: 'refuses file 0',
      request: 'fc:15 dataLength:09 type:06 file:0000 record:0000 length:0001 values:0001',
      reply: 'fc:95 exception:02',
    },
    {
      title: 'refuses an unknown file',
      request: 'fc:15 dataLength:09 type:06 file:0007 record:0000 length:0001 values:0001',
      reply: 'fc:95 exception:02',
    },
    {
      title: 'refuses reference type 7',
      request: 'fc:15 dataLength:09 type:07 file:0004 record:0000 length:0001 values:0001',
      reply: 'fc:95 exception:02',
    },
    {
      title: 'writes no group when the second is refused',
      request: `fc:15 dataLength:12 ${WRITE} type:06 file:0007 record:0000 length:0001 values:BEEF`,
      reply: 'fc:95 exception:02',
    },
    {
      title: 'writes no group when the second is cut short',
      request: `fc:15 dataLength:10 ${WRITE} type:06 file:0003 record:0000 length:0001`,
      reply: 'fc:95 exception:03',
    },
    { title: 'refuses a data length of 0', request: 'fc:15 dataLength:00', reply: 'fc:95 exception:03' },
    {
      title: 'refuses a group without a record',
      request: 'fc:15 dataLength:07 type:06 file:0004 record:0000 length:0000',
      reply: 'fc:95 exception:03',
    },
    {
      title: 'refuses half a record',
      request: 'fc:15 dataLength:08 type:06 file:0004 record:0000 length:0001 values:00',
      reply: 'fc:95 exception:03',
    },
    {
      title: 'refuses a data length over FB',
      request: 'fc:15 dataLength:FC type:06 file:0003 record:0000 length:007A values:A55A*122',
      reply: 'fc:95 exception:03',
    },
    {
      title: 'refuses fewer bytes than the data length says',
      request: `fc:15 dataLength:0B ${WRITE}`,
      reply: 'fc:95 exception:03',
    },
    {
      title: 'refuses more bytes than the data length says',
      request: `fc:15 dataLength:09 ${WRITE} more:0000`,
      reply: 'fc:95 exception:03',
    },
    {
      title: 'refuses more records than follow',
      request: 'fc:15 dataLength:09 type:06 file:0004 record:0000 length:0002 values:0001',
      reply: 'fc:95 exception:03',
    },
    {
      title: 'refuses records that no length announces',
      request: 'fc:15 dataLength:0B type:06 file:0004 record:0000 length:0001 values:0001_0002',
      reply: 'fc:95 exception:03',
    },
    {
      title: 'checks the data length before the file',
      request: 'fc:15 dataLength:0B type:06 file:0007 record:0000 length:0001 values:0001',
      reply: 'fc:95 exception:03',
    },
  ],
};
