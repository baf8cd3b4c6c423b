/**
 * The most events that chance makes, except once in `oneIn` times, if `mean` are expected and each happens by itself: a
 * quantile of the Poisson distribution.
 */
export function mostByChance(mean: number, oneIn: number): number {
  let most = 0;
  let probability = Math.exp(-mean);
  for (let beyond = 1 - probability; beyond > 1 / oneIn; beyond -= probability) {
    most++;
    probability *= mean / most;
  }
  return most;
}
