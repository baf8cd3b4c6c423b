import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly text: string;
  readonly onWrite: (text: string) => void;
  readonly onCancel: () => void;
}

/** Takes a new value in the place of the old one. */
export function CellEditor({ text, onWrite, onCancel }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  return (
    <input
      ref={input}
      class="cell-editor"
      aria-label="New value"
      defaultValue={text}
      autocomplete="off"
      onKeyDown={(event) => {
        if (event.key === 'Enter') onWrite(event.currentTarget.value);
        if (event.key === 'Escape') onCancel();
        if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
      }}
    />
  );
}
