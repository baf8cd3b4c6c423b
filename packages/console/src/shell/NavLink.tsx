import { hrefOf, route } from '../state/route.js';

interface Props {
  readonly href: string;
  readonly name: string;
  /** Small, behind the name. */
  readonly count?: string | undefined;
  /** How many things are wrong, in red. */
  readonly alarm?: string | undefined;
}

export function NavLink({ href, name, count, alarm }: Props) {
  const here = hrefOf(...route.value);
  const isCurrent = href === here || (href !== '#/' && here.startsWith(`${href}/`));
  return (
    <li>
      <a href={href} aria-current={isCurrent ? 'page' : undefined} title={name}>
        <span class="label">{name}</span>
        {count && <span class="count">{count}</span>}
        {alarm && (
          <span class="tag danger">
            {alarm} <span class="hidden">on</span>
          </span>
        )}
      </a>
    </li>
  );
}
