import { useRef, useState } from 'preact/hooks';
import { saveText } from '../../api/download.js';
import { Chip } from '../../parts/Chip.js';
import { Empty } from '../../parts/Empty.js';
import { Panel } from '../../parts/Panel.js';
import { Title } from '../../parts/Title.js';
import { picks } from '../../state/trends.js';
import { csvOf } from './export.js';
import { Legend } from './Legend.js';
import { PickPoint } from './PickPoint.js';
import { Plot } from './Plot.js';
import { saveImage } from './save-image.js';

/** How much time is shown, in seconds. */
const SPANS = [
  { name: '1 min', seconds: 60 },
  { name: '10 min', seconds: 600 },
  { name: '1 h', seconds: 3_600 },
  { name: 'All', seconds: Number.POSITIVE_INFINITY },
];

/** Values over time. */
export function TrendsPage() {
  const [span, setSpan] = useState(60);
  const home = useRef<HTMLDivElement>(null);
  const picked = picks.value;
  return (
    <div class="page">
      <Title
        title="Trends"
        about="Values of a point from the moment you pin it, also while you look at other pages. Loading the console again clears them."
      >
        {picked.length > 0 && (
          <div class="row">
            <button type="button" class="button" onClick={() => saveText(csvOf(picked), 'text/csv', 'trends.csv')}>
              CSV
            </button>
            <button type="button" class="button" onClick={() => saveImage(home.current, 'trends.png')}>
              PNG
            </button>
          </div>
        )}
      </Title>
      <Panel title="Plot" tools={<Spans span={span} onSpan={setSpan} />}>
        <div ref={home}>
          {picked.length === 0 ? (
            <Empty title="No point is pinned">Pin points below, or on the page of a unit, to draw their values.</Empty>
          ) : (
            <Plot key={span} picks={picked} span={span} />
          )}
        </div>
        {picked.length > 0 && <Legend picks={picked} />}
      </Panel>
      <PickPoint />
    </div>
  );
}

function Spans({ span, onSpan }: { readonly span: number; readonly onSpan: (span: number) => void }) {
  return (
    <fieldset class="row">
      <legend class="hidden">Time that is shown</legend>
      {SPANS.map(({ name, seconds }) => (
        <Chip key={name} name="span" label={name} checked={seconds === span} onChange={() => onSpan(seconds)} />
      ))}
    </fieldset>
  );
}
