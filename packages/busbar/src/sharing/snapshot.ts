import type { Unit } from '../data/unit.js';
import { SharingError } from '../errors.js';
import type { Connection } from './connection.js';
import type { Copies } from './copies.js';
import { bytesOf, listOf, textOf } from './entry.js';
import type { Keys, Position } from './exchange.js';
import { CREATE, FORMAT, SNAPSHOT } from './scripts.js';

/** All values of a unit in Redis, at one position. */
export interface Snapshot {
  readonly position: Position;
  readonly parts: readonly Uint8Array[];
}

/**
 * @returns undefined if there is no image.
 * @throws SharingError `IMAGE_FORMAT` or `IMAGE_LAYOUT` if it is another one.
 */
export async function readSnapshot(
  connection: Connection,
  keys: Keys,
  { unit, all, parts }: Copies,
): Promise<Snapshot | undefined> {
  const reply = listOf(await connection.script(SNAPSHOT, [keys.meta], [keys.prefix, ...all.map(({ name }) => name)]));
  if (reply.length === 0) return undefined;
  const [format, epoch, version, tag, layout, ...strings] = reply;
  checkFormat(unit, keys, textOf(format));
  checkLayout(unit, keys, parts.layout, textOf(layout));
  return {
    position: { epoch: textOf(epoch), version: Number(textOf(version)), tag: textOf(tag) },
    parts: strings.map(bytesOf),
  };
}

function checkFormat(unit: Unit, { prefix }: Keys, found: string): void {
  if (found === FORMAT) return;
  const advice = `use one version of Busbar, or delete the keys ${prefix}*`;
  throw new SharingError(
    'IMAGE_FORMAT',
    `unit ${unit.id}: the image in Redis has format ${found}, not ${FORMAT}: ${advice}`,
  );
}

const SHOWN = 200;

function checkLayout(unit: Unit, { prefix }: Keys, own: string, found: string): void {
  if (found === own) return;
  const texts = [found, own].map((text) => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text || 'nothing'));
  const advice = `give all servers the same device, choose another image, or delete the keys ${prefix}*`;
  throw new SharingError(
    'IMAGE_LAYOUT',
    `unit ${unit.id}: the image in Redis has other addresses (${texts[0]}) than this server (${texts[1]}): ${advice}`,
  );
}

/** Makes the image of what `copies` says that Redis has. @returns whether it was made; if not, there is one. */
export async function makeImage(
  connection: Connection,
  keys: Keys,
  { all, parts }: Copies,
  { epoch, version, tag }: Position,
): Promise<boolean> {
  const strings = all.flatMap(({ name, confirmed }) => [name, Buffer.from(confirmed)]);
  const args = [keys.prefix, FORMAT, epoch, `${version}`, tag, parts.layout, ...strings];
  return (await connection.script(CREATE, [keys.meta, keys.stream], args)) === 1;
}
