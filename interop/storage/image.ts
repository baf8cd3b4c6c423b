import { decodeReply, encodeRequest, type RequestFields } from 'busbar/protocol';
import { MbapClient } from '../../packages/busbar/test/helpers/mbap-client.js';
import { type Image, SIZE } from './slots.js';

const UNIT = 1;

/** Reads all that the unit holds, over Modbus. */
export async function readImage(port: number): Promise<Image> {
  const client = await MbapClient.connect({ host: '127.0.0.1', port });
  const whole = async (size: number, most: number, fields: (address: number, quantity: number) => RequestFields) => {
    const values: number[] = [];
    while (values.length < size) {
      values.push(...(await ask(client, fields(values.length, Math.min(most, size - values.length)))));
    }
    return values;
  };
  const ofFile = (file: number) => (record: number, length: number) =>
    ({ functionCode: 20, groups: [{ file, record, length }] }) as const;
  try {
    return {
      coils: await whole(SIZE.coils, 2000, (address, quantity) => ({ functionCode: 1, address, quantity })),
      holding: await whole(SIZE.holding, 125, (address, quantity) => ({ functionCode: 3, address, quantity })),
      file1: await whole(SIZE.file1, 120, ofFile(1)),
      file2: await whole(SIZE.file2, 120, ofFile(2)),
    };
  } finally {
    await client.close();
  }
}

async function ask(client: MbapClient, fields: RequestFields): Promise<readonly number[]> {
  const request = encodeRequest(fields);
  const reply = decodeReply(await client.request(UNIT, request), request);
  const values = reply.values ?? reply.groups?.flatMap((group) => group.values ?? []);
  if (values === undefined) throw new Error(`a read was refused: ${JSON.stringify(reply)}`);
  return values;
}
