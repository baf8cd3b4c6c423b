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
  const { time, client, unit, summary, exception, reply, took } = exchange;
  return (
    <>
      <tr class={open ? 'open' : undefined}>
        <td class="mono nowrap">{timeOfDay(time)}</td>
        <td class="wider nowrap">{nameOf(client)}</td>
        <td class="wide">{unit}</td>
        <td class="said">
          <button
            type="button"
            class={exception ? 'summary danger' : 'summary'}
            aria-expanded={open}
            onClick={() => onOpen(!open)}
          >
            {summary}
          </button>
          {reply === null && <span class="tag">no reply</span>}
        </td>
        <td class="number wide nowrap">{took.toFixed(took < 10 ? 2 : 0)} ms</td>
      </tr>
      {open && (
        <tr class="open">
          <td colSpan={5}>
            <ExchangeBytes exchange={exchange} />
          </td>
        </tr>
      )}
    </>
  );
}
