import type { Root, Sharing, Storage } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';

/** What becomes of the values when the server ends, and what is wrong with that. */
export function LastingNote({ root: { storage, sharing } }: { readonly root: Root }) {
  return (
    <>
      {storage !== null && <StorageNote storage={storage} />}
      {sharing !== null && <SharingNote sharing={sharing} />}
    </>
  );
}

function StorageNote({ storage: { in: folder, mode, state, problem, units } }: { readonly storage: Storage }) {
  if (state !== 'ready') {
    return (
      <p class="note error">
        <strong>Values are not kept:</strong> {problem ?? `the store in ${folder} is ${state}`}
      </p>
    );
  }
  const when = mode === 'durable' ? 'a write is answered when it is on disk' : 'a moment after they change';
  return (
    <p class="note">
      Values of {counted(units.length, 'unit')} are kept in {folder}, {when}.
    </p>
  );
}

function SharingNote({ sharing }: { readonly sharing: Sharing }) {
  const { image, redis, state, problem, units, leads } = sharing;
  if (state !== 'ready' || problem !== undefined) {
    return (
      <p class="note error">
        <strong>{state === 'detached' ? 'This server is alone:' : 'Values are not shared:'}</strong> {problem ?? state}
      </p>
    );
  }
  return (
    <p class="note">
      Values of {counted(units.length, 'unit')} are shared as {image} over {redis}; this server moves the points of{' '}
      {leads.length === units.length ? 'all' : leads.length === 0 ? 'none' : leads.length} of them.
    </p>
  );
}
