import { OptionsError } from 'busbar';
import { compileFormula } from '../formula/compile.js';
import type { Cell, Now } from '../motion/cell.js';
import { fitter, misfit } from '../motion/fit.js';
import { checkTogether, type Path, someOf, within } from '../problems.js';
import { listOf } from '../settings.js';
import type { Value } from '../value.js';
import type { Scenario } from './scenario.js';
import type { Actions } from './schema.js';
import type { Stage } from './stage.js';

type Task = () => void;

/** Prepares what a reaction or a step does. @throws OptionsError with all problems. */
export function compileActions(actions: Actions, path: Path, stage: Stage): readonly Task[] {
  const tasks: Task[] = [];
  const makers = [...settings(actions, path, stage), ...names(actions, path, stage)];
  checkTogether(makers.map((make) => () => void tasks.push(make())));
  return tasks;
}

type Maker = () => Task;

function settings({ set = {}, toggle }: Actions, path: Path, stage: Stage): Maker[] {
  return [
    ...Object.entries(set).map(
      ([name, given]) =>
        () =>
          setting(name, given, [...path, 'set', name], stage),
    ),
    ...listOf(toggle).map((name) => () => toggling(name, [...path, 'toggle'], stage)),
  ];
}

function setting(name: string, given: NonNullable<Actions['set']>[string], path: Path, stage: Stage): Task {
  const point = stage.find(name, path);
  const fit = fitter(point);
  const give = (value: Value) => stage.give(point, fit(value));
  if (typeof given === 'object' && 'formula' in given) {
    const evaluate = within([...path, 'formula'], () => compileFormula(given.formula, stage.reader));
    return () => give(evaluate(stage.now()));
  }
  const problem = misfit(point, given);
  if (problem !== undefined) throw new OptionsError(path, problem);
  return () => give(given);
}

function toggling(name: string, path: Path, stage: Stage): Task {
  const point = stage.find(name, path);
  if (point.type !== 'bool') throw new OptionsError(path, `expected a point of one bit, found ${name} (${point.type})`);
  return () => stage.give(point, !point.value);
}

function names(actions: Actions, path: Path, stage: Stage): Maker[] {
  const each = (
    key: 'start' | 'stop' | 'restart' | 'raise' | 'clear' | 'run' | 'cancel',
    make: (name: string, path: Path) => Task,
  ) => listOf(actions[key]).map((name) => () => make(name, [...path, key]));
  const ofCell = (act: (cell: Cell, now: Now) => void) => (name: string, at: Path) => {
    const point = stage.find(name, at);
    if (!stage.isMoving(point)) throw new OptionsError(at, `${name} has no behaviour (simulate) to start or stop`);
    return () => {
      const cell = stage.cellOf(point);
      if (cell !== undefined) act(cell, stage.now());
    };
  };
  const ofScenario = (act: (scenario: Scenario) => void) => (name: string, at: Path) => {
    const scenario = scenarioOf(name, at, stage);
    return () => act(scenario);
  };
  const ofFault = (on: boolean) => (name: string, at: Path) => {
    checkFault(name, at, stage.faultNames());
    return () => stage.switchFault(name, on);
  };
  return [
    ...each(
      'start',
      ofCell((cell, now) => cell.start(now)),
    ),
    ...each(
      'stop',
      ofCell((cell, now) => cell.stop(now)),
    ),
    ...each(
      'restart',
      ofCell((cell, now) => cell.restart(now)),
    ),
    ...each('raise', ofFault(true)),
    ...each('clear', ofFault(false)),
    ...each(
      'cancel',
      ofScenario((scenario) => scenario.cancel()),
    ),
    ...each(
      'run',
      ofScenario((scenario) => scenario.run()),
    ),
  ];
}

function scenarioOf(name: string, path: Path, { scenarios }: Stage): Scenario {
  const scenario = scenarios.get(name);
  if (scenario !== undefined) return scenario;
  const known = scenarios.size === 0 ? 'the unit has none' : `those of the unit are ${someOf(scenarios.keys())}`;
  throw new OptionsError(path, `there is no scenario "${name}"; ${known}`);
}

function checkFault(name: string, path: Path, known: readonly string[] = []): void {
  if (known.includes(name)) return;
  throw new OptionsError(path, `there is no fault "${name}"; known are ${someOf(known)}`);
}
