import { useEffect, useState } from 'preact/hooks';
import { root } from '../state/root.js';
import { route } from '../state/route.js';
import { ConnectionState } from './ConnectionState.js';
import { Nav } from './Nav.js';
import { ThemeSwitch } from './ThemeSwitch.js';

/** The column beside each page; on a narrow screen, the bar above it. */
export function Side() {
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [route.value]);
  return (
    <header class="side">
      <div class="top">
        <a class="brand" href="#/">
          <img src="./icon.svg" alt="" />
          Busbar
        </a>
        <small class="menu">
          <ConnectionState />
        </small>
        <button
          type="button"
          class="button menu"
          aria-expanded={open}
          aria-controls="rest"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
      </div>
      <div id="rest" class={open ? 'rest open' : 'rest'}>
        <Nav root={root.value} />
        <div class="end">
          <ThemeSwitch />
          <div class="row">
            <ConnectionState />
            <span class="muted">{root.value && `version ${root.value.version}`}</span>
          </div>
        </div>
      </div>
    </header>
  );
}
