import { bytesPerSecond } from './line-contest.mjs';
import { chunkSizes } from './line-reader.mjs';
import { table, times, whole } from './report.mjs';

/**
 * @typedef {import('./line-contest.mjs').LineContestant} LineContestant
 * @typedef {import('./line-reader.mjs').ReaderFigures} ReaderFigures
 * @typedef {{ name: string, runs: ReaderFigures[] }} KindFigures
 * @typedef {{ kinds: KindFigures[], contestants: LineContestant[], missing: Record<string, string> }} LineFigures
 */

/** Of a core, for the most expensive kind of rubbish. */
const maxShare = 0.01;
/** Time is linear, but for noise. */
const maxGrowth = 1.2;

/** @param {number} value */
const finePercent = (value) => `${(value * 100).toFixed(2)} %`;
/** @param {number} value */
const mebibytes = (value) => value.toFixed(1);
/** @param {ReaderFigures} run */
const share = (run) => run.secondsPerByte * bytesPerSecond;

/**
 * The most expensive kind of rubbish for each size of chunks.
 * @param {KindFigures[]} kinds
 */
function judgeShares(kinds) {
  return chunkSizes.map((chunkSize, index) => {
    const [worst] = kinds.toSorted((a, b) => share(b.runs[index]) - share(a.runs[index]));
    const reached = share(worst.runs[index]);
    const text = `worst kind in chunks of ${chunkSize} ("${worst.name}"), share of a core`;
    return { text, aim: maxShare, reached, met: reached <= maxShare, shown: finePercent };
  });
}

/** @param {KindFigures[]} kinds */
function judgeGrowth(kinds) {
  const reached = Math.max(...kinds.flatMap(({ runs }) => runs.map(({ growth }) => growth)));
  return { text: 'second half of the bytes / first', aim: maxGrowth, reached, met: reached <= maxGrowth, shown: times };
}

/** @param {KindFigures[]} kinds */
const judgeAims = (kinds) => [...judgeShares(kinds), judgeGrowth(kinds)];

/** @param {KindFigures} kind */
function kindRow({ name, runs }) {
  const highest = (/** @type {(run: ReaderFigures) => number} */ of) => Math.max(...runs.map(of));
  const dearest = highest(({ secondsPerByte }) => secondsPerByte);
  return [
    name,
    ...runs.map((run) => finePercent(share(run))),
    (1 / dearest / 2 ** 20).toFixed(2),
    times(highest(({ growth }) => growth)),
    mebibytes(highest(({ heapMiB }) => heapMiB)),
    mebibytes(highest(({ rssMiB }) => rssMiB)),
    whole(runs.reduce((sum, { replies }) => sum + replies, 0)),
    runs.every(({ answered }) => answered) ? 'yes' : 'NO',
  ];
}

/** @param {KindFigures[]} kinds */
function kindTable(kinds) {
  const rates = chunkSizes.map((size) => `${size} B`);
  const head = [
    'in chunks of',
    ...rates,
    'MiB/s',
    '2nd / 1st half',
    'heap +MiB',
    'RSS +MiB',
    'replies',
    'then answers',
  ];
  const title = `Busbar's reader, unpaced: share of a core that rubbish takes at ${whole(bytesPerSecond)} bytes/s`;
  return [title, table([head, ...kinds.map(kindRow)])].join('\n');
}

/** @param {ReturnType<typeof judgeAims>[number]} judged */
function aimLine({ text, aim, reached, met, shown }) {
  return `  ${(met ? 'met' : 'NOT MET').padEnd(12)}  ${text}: ${shown(reached)}, aim at most ${shown(aim)}`;
}

/**
 * @param {LineContestant[]} contestants
 * @param {LineContestant} peer
 */
function cpuRatio(contestants, peer) {
  const ours = contestants.find(({ name }) => name === 'busbar')?.figures?.cpu;
  const theirs = peer.figures?.cpu;
  return ours === undefined || !theirs ? undefined : ours / theirs;
}

/** @param {LineContestant[]} contestants */
function contestTable(contestants) {
  const rows = [['', 'CPU', 'us / it', 'RSS before', 'after', 'bytes lost', 'bytes sent into it', 'then answers']];
  const failures = [];
  for (const contestant of contestants) {
    const { name, figures } = contestant;
    if (!figures) {
      failures.push(`  ${name} fails: ${contestant.failure}`);
      continue;
    }
    rows.push([
      name,
      finePercent(figures.cpu),
      times(cpuRatio(contestants, contestant)),
      mebibytes(figures.rssBefore),
      mebibytes(figures.rssAfter),
      whole(figures.lost),
      whole(figures.sentIntoIt),
      figures.answeredAt === 0 ? 'NO' : `at try ${figures.answeredAt}`,
    ]);
  }
  const title = `Servers on a line with random bytes at ${whole(bytesPerSecond)} bytes/s: share of a core, MiB`;
  return [title, table(rows), ...failures].join('\n');
}

/** @param {LineFigures} figures */
export function printLineReport({ kinds, contestants, missing }) {
  const aims = ['Aims', ...judgeAims(kinds).map(aimLine)];
  const reasons = Object.entries(missing).map(([name, reason]) => `Not measured: ${name} (${reason})`);
  const parts = [kindTable(kinds), contestTable(contestants), aims.join('\n'), reasons.join('\n')];
  console.log(parts.filter(Boolean).join('\n\n'));
}

/** All the figures, for --json. @param {LineFigures} figures */
export function lineReportData({ kinds, contestants, missing }) {
  const serverData = (/** @type {LineContestant} */ contestant) => ({
    version: contestant.version,
    ...(contestant.figures ?? { fails: contestant.failure }),
    usOverIt: cpuRatio(contestants, contestant),
  });
  const runData = (/** @type {ReaderFigures} */ run) => ({ ...run, share: share(run) });
  return {
    bytesPerSecond,
    kinds: Object.fromEntries(kinds.map(({ name, runs }) => [name, runs.map(runData)])),
    servers: Object.fromEntries(contestants.map((contestant) => [contestant.name, serverData(contestant)])),
    aims: judgeAims(kinds),
    missing,
  };
}

/** Busbar has to answer a good request after each kind of rubbish. @param {LineFigures} figures */
export function lineFailed({ kinds, contestants }) {
  if (kinds.some(({ runs }) => runs.some(({ answered }) => !answered))) return true;
  return !contestants.find(({ name }) => name === 'busbar')?.figures?.answeredAt;
}
