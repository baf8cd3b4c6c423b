import type { Unit } from 'busbar';
import type { Device } from '../../device/device.js';
import type { Keeping } from '../../device/keeping.js';
import type { Sharing } from '../../device/sharing.js';
import { keyOf } from '../units.js';
import type { Family } from './family.js';

function ofStore(type: Family['type'], name: string, help: string, read: (keeping: Keeping) => number): Family {
  const samples = ({ lasting: { keeping } }: Device) => (keeping === undefined ? [] : [{ value: read(keeping) }]);
  return { type, name, help, labels: [], samples };
}

function ofImage(type: Family['type'], name: string, help: string, read: (sharing: Sharing) => number): Family {
  const samples = ({ lasting: { sharing } }: Device) => (sharing === undefined ? [] : [{ value: read(sharing) }]);
  return { type, name, help, labels: [], samples };
}

/** Of each unit that is shared. */
function ofUnits(name: string, help: string, read: (sharing: Sharing, unit: Unit) => number): Family {
  const samples = ({ lasting: { sharing, units: shared }, units }: Device) =>
    sharing === undefined || sharing.image.state === 'closed'
      ? []
      : [...shared].map((unit) => ({ labels: { unit: String(keyOf(unit, units)) }, value: read(sharing, unit) }));
  return { type: 'gauge', name, help, labels: ['unit'], samples };
}

/** What becomes of the values of the units. */
export const LASTING: readonly Family[] = [
  ofStore('gauge', 'busbar_storage_up', '1 if the store works.', ({ storage }) => Number(storage.state === 'ready')),
  ofStore(
    'counter',
    'busbar_storage_failures_total',
    'Times that the store took no changes.',
    ({ store }) => store.failures,
  ),
  ofStore(
    'counter',
    'busbar_storage_written_bytes_total',
    'Bytes of values that were written.',
    ({ store }) => store.bytes,
  ),
  ofImage('gauge', 'busbar_sharing_up', '1 if Redis answers.', ({ image }) => Number(image.state === 'ready')),
  ofImage(
    'counter',
    'busbar_sharing_away_seconds_total',
    'For how long Redis was away.',
    ({ awaySeconds }) => awaySeconds,
  ),
  ofUnits(
    'busbar_sharing_version',
    'Changes of the image that this server has.',
    ({ image }, unit) => image.progress(unit).version,
  ),
  ofUnits(
    'busbar_sharing_lag_seconds',
    'How long ago Redis last answered.',
    ({ image }, unit) => image.progress(unit).age / 1000,
  ),
  ofUnits('busbar_sharing_leads', '1 if this server moves the points of the unit.', (sharing, unit) =>
    Number(sharing.leads(unit)),
  ),
];
