import type { Format } from './formats.js';

export function GridHead({ formats }: { readonly formats: readonly Format[] }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col">Address</th>
        {formats.map(({ name }) => (
          <th key={name} scope="col" class="number">
            {name}
          </th>
        ))}
        <th scope="col">Point</th>
      </tr>
    </thead>
  );
}
