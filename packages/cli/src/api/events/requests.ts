import type { Exchange } from '../contract.js';
import type { Recorded, Traffic } from '../traffic/traffic.js';
import { Allowance } from './allowance.js';
import type { Source } from './feed.js';
import { Pace } from './pace.js';

/** Milliseconds between two events. */
const INTERVAL = 200;
/** Exchanges in a second. */
const MOST = 50;

/** A sample of the requests. */
export function requestSource(traffic: Traffic): Source {
  return {
    type: 'request',
    start(publish) {
      let exchanges: Exchange[] = [];
      let leftOut = 0;
      const allowance = new Allowance(MOST, 1000);
      const pace = new Pace(INTERVAL, () => {
        publish('request', { exchanges, leftOut });
        exchanges = [];
        leftOut = 0;
      });
      const ended = ({ exchange }: Recorded) => {
        if (allowance.take() === undefined) leftOut++;
        else exchanges.push(exchange);
        pace.ask();
      };
      const left = (count: number) => {
        leftOut += count;
        pace.ask();
      };
      traffic.on('exchange', ended).on('leftOut', left);
      return () => {
        pace.stop();
        traffic.off('exchange', ended).off('leftOut', left);
      };
    },
  };
}
