const PATHS = {
  edit: 'M11.5 2.5l2 2L6 12l-2.7.7L4 10zM10 4l2 2',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  left: 'M10 3L5 8l5 5',
  right: 'M6 3l5 5-5 5',
  close: 'M4 4l8 8M12 4l-8 8',
  trend: 'M2 3v10.5h12M4.5 10l3-3.5 2.5 2L14 4',
};

/** A small picture beside words, or within a button that has a label. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
