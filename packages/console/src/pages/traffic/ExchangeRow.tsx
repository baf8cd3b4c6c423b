import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { timeOfDay } from '../../format/times.js';
import { shownOf } from '../../state/screen.js';
import { COLUMNS } from './columns.js';
import { ExchangeBytes } from './ExchangeBytes.js';
import { said } from './said.js';

interface Props {
  readonly exchange: Exchange;
  readonly rowIndex: number;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** One request with its reply, in words. */
export function ExchangeRow({ exchange, rowIndex, open, onOpen }: Props) {
  const { time, client, unit, took } = exchange;
  const peer = nameOf(client);
  const duration = `${took.toFixed(took < 10 ? 2 : 0)} ms`;
  return (
    <>
      <tr class={open ? 'fixed open' : 'fixed'} aria-rowindex={rowIndex}>
        <td class="mono nowrap wide time">{timeOfDay(time)}</td>
        <td class="wider client">
          <span class="line" title={peer}>
            {peer}
          </span>
        </td>
        <td class="wide unit">{unit}</td>
        <td>
          <button type="button" class="summary" aria-expanded={open} onClick={() => onOpen(!open)}>
            <Summary exchange={exchange} open={open} />
          </button>
          <small class="muted narrow line">
            {timeOfDay(time)} · {peer} · unit {unit} · {duration}
          </small>
        </td>
        <td class="number wide nowrap took">{duration}</td>
      </tr>
      {open && (
        <tr class="open">
          <td colSpan={shownOf(COLUMNS)}>
            <ExchangeBytes exchange={exchange} />
          </td>
        </tr>
      )}
    </>
  );
}

function Summary({ exchange, open }: Pick<Props, 'exchange' | 'open'>) {
  const { name, words, failure, isCut, ...rest } = said(exchange);
  // An open request has all of them below.
  const points = open && isCut ? '' : rest.points;
  return (
    <>
      <span class="line">
        <strong>{name}</strong>
        {words}
      </span>
      {failure + points !== '' && (
        <small class="muted line">
          {failure && <span class="danger">{failure}</span>}
          {failure && points && ' · '}
          {points}
        </small>
      )}
    </>
  );
}
