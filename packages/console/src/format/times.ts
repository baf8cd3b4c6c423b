const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** The two largest parts of a duration in milliseconds: `2 h 5 min`. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds / 1_000) * 1_000);
  const first = UNITS.findIndex(([, size]) => whole >= size);
  if (first === -1) return '0 s';
  let rest = whole;
  const parts = UNITS.slice(first, first + 2).map(([name, size]) => {
    const amount = Math.floor(rest / size);
    rest %= size;
    return amount === 0 ? '' : `${amount} ${name}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** How long ago something was: `now`, `5 s ago`. */
export function ago(time: number, now: number): string {
  return now - time < 1_500 ? 'now' : `${largest(now - time)} ago`;
}

function largest(milliseconds: number): string {
  const [name, size] = UNITS.find(([, each]) => milliseconds >= each) ?? UNITS[3];
  return `${Math.floor(milliseconds / size)} ${name}`;
}

/** Date and time, as the user's country writes them. */
export function moment(time: number): string {
  return new Date(time).toLocaleString();
}

/** `14:03:27.450`. */
export function timeOfDay(time: number): string {
  const date = new Date(time);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
