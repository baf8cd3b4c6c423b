import { useEffect, useRef } from 'preact/hooks';
import { tokenWanted } from './api/token.js';
import { Banner } from './shell/Banner.js';
import { PageOf } from './shell/PageOf.js';
import { Side } from './shell/Side.js';
import { TokenPrompt } from './shell/TokenPrompt.js';
import { route } from './state/route.js';

export function App() {
  const main = useRef<HTMLElement>(null);
  const page = route.value.slice(0, 2).join('/');
  useEffect(() => scrollTo(0, 0), [page]);
  if (tokenWanted.value !== undefined) return <TokenPrompt />;
  return (
    <>
      <button type="button" class="skip button" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div class="shell">
        <Side />
        <main class="main" ref={main} tabIndex={-1}>
          <Banner />
          <PageOf route={route.value} />
        </main>
      </div>
    </>
  );
}
