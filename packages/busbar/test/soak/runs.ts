const soak = process.env.SOAK !== undefined;

/** Cases that a property is shown, at the least. */
export function propertyCases(): number {
  return soak ? 1_000_000 : 20_000;
}

/**
 * The runs that make as many cases, `casesPerRun` in each. The default run is the same every time; a soak run takes a
 * seed of its own, which fast-check prints on failure (SEED=… repeats it).
 */
export function propertyRuns(casesPerRun: number): { seed: number; numRuns: number } {
  const seed = soak ? Date.now() : 20_260_101;
  return { seed: Number(process.env.SEED ?? seed), numRuns: Math.ceil(propertyCases() / casesPerRun) };
}
