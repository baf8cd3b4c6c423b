import type { Exchange } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { timeOfDay } from '../../format/times.js';
import { ExchangeBytes } from './ExchangeBytes.js';

interface Props {
  readonly exchange: Exchange;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** One request with its reply, in words. */
export function ExchangeRow({ exchange, open, onOpen }: Props) {
  const { time, client, unit, summary, points, exception, reply, took } = exchange;
  return (
    <>
      <tr class={open ? 'open' : undefined}>
        <td class="mono">{timeOfDay(time)}</td>
        <td class="wider">{nameOf(client)}</td>
        <td class="wide">{unit}</td>
        <td>
          <button type="button" class="summary" aria-expanded={open} onClick={() => onOpen(!open)}>
            {summary}
          </button>
          {exception && <span class="tag danger">exception {exception.code}</span>}
          {reply === null && <span class="tag">no reply</span>}
        </td>
        <td class="wide points">{points.join(', ')}</td>
        <td class="number wide">{took.toFixed(took < 10 ? 2 : 0)} ms</td>
      </tr>
      {open && (
        <tr class="open">
          <td colSpan={6}>
            <ExchangeBytes exchange={exchange} />
          </td>
        </tr>
      )}
    </>
  );
}
