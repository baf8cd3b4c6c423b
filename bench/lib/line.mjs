// What endless rubbish on a serial line costs: Busbar's reader by itself, then servers side by side.
import { join } from 'node:path';
import { LineContestant, measureLines } from './line-contest.mjs';
import { chunkSizes, measureReader } from './line-reader.mjs';
import { lineFailed, lineReportData, printLineReport } from './line-report.mjs';
import { kinds } from './line-rubbish.mjs';
import { describeRun } from './report.mjs';
import { prepareAll, serialServers } from './servers.mjs';

/**
 * @typedef {{ folder: string, seconds: number, progress: (text: string) => void, atEnd: (stop: () => Promise<void>) => void }} Options
 */

/** @param {(text: string) => void} progress */
async function measureKinds(progress) {
  // A process that has just started is slow at first, and grows.
  await measureReader(kinds[0], chunkSizes[0]);
  const measured = [];
  for (const kind of kinds) {
    progress(`rubbish: ${kind.name}`);
    const runs = [];
    for (const chunkSize of chunkSizes) runs.push(await measureReader(kind, chunkSize));
    measured.push({ name: kind.name, runs });
  }
  return measured;
}

/**
 * Measures, and prints what it found.
 * @param {Options} options
 */
export async function benchLine({ folder, seconds, progress, atEnd }) {
  const { ready, missing } = prepareAll(serialServers, folder);
  const contestants = ready.map(
    ({ name, version, command }) => new LineContestant(name, version, command, join(folder, `${name}.pty`)),
  );
  atEnd(async () => {
    for (const contestant of contestants) await contestant.stop();
  });
  describeRun('servers on core 0', 'rubbish, 115200 baud', contestants);
  const measured = await measureKinds(progress);
  progress('servers side by side');
  await measureLines(contestants, seconds);
  const figures = { kinds: measured, contestants, missing };
  printLineReport(figures);
  return { data: { seconds, ...lineReportData(figures) }, failed: lineFailed(figures) };
}
