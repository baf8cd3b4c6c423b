interface Props {
  readonly error: string | undefined;
  readonly canWrite: boolean;
}

/** What went wrong, or else which keys there are. */
export function GridFoot({ error, canWrite }: Props) {
  return (
    <p class="foot">
      {error === undefined ? (
        <small class="muted">Arrow keys move{canWrite && ', Enter or a second click edits, Escape leaves'}</small>
      ) : (
        <small class="danger" role="alert">
          {error}
        </small>
      )}
    </p>
  );
}
