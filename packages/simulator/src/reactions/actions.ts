import { OptionsError } from 'busbar';
import { compileFormula } from '../formula/compile.js';
import type { Cell, Now } from '../motion/cell.js';
import { fitter, misfit } from '../motion/fit.js';
import { checkTogether, type Path, someOf, within } from '../problems.js';
import { listOf } from '../settings.js';
import type { Value } from '../value.js';
import type { Actions } from './schema.js';
import type { Runnable, Stage } from './stage.js';

type Task = () => void;

/** Prepares what a reaction or a step does. @throws OptionsError with all problems. */
export function compileActions(actions: Actions, path: Path, stage: Stage): readonly Task[] {
  const tasks: Task[] = [];
  const makers = [...settings(actions, path, stage), ...named(actions, path, stage)];
  checkTogether(makers.map((make) => () => void tasks.push(make())));
  return tasks;
}

type Maker = () => Task;

function settings({ set = {} }: Actions, path: Path, stage: Stage): Maker[] {
  return Object.entries(set).map(
    ([name, given]) =>
      () =>
        setting(name, given, [...path, 'set', name], stage),
  );
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

/** Prepares what is done to something by its name. @throws OptionsError */
type Preparation = (name: string, path: Path, stage: Stage) => Task;

type NamedAction = 'toggle' | 'start' | 'stop' | 'restart' | 'raise' | 'clear' | 'cancel' | 'run';

/** In the order in which they are done. */
const NAMED: readonly (readonly [NamedAction, Preparation])[] = [
  ['toggle', toggling],
  ['start', ofCell((cell, now) => cell.start(now))],
  ['stop', ofCell((cell, now) => cell.stop(now))],
  ['restart', ofCell((cell, now) => cell.restart(now))],
  ['raise', ofFault(true)],
  ['clear', ofFault(false)],
  ['cancel', ofScenario((scenario) => scenario.cancel())],
  ['run', ofScenario((scenario) => scenario.run())],
];

function named(actions: Actions, path: Path, stage: Stage): Maker[] {
  return NAMED.flatMap(([key, prepare]) =>
    listOf(actions[key]).map((name) => () => prepare(name, [...path, key], stage)),
  );
}

function toggling(name: string, path: Path, stage: Stage): Task {
  const point = stage.find(name, path);
  if (point.type !== 'bool') throw new OptionsError(path, `expected a point of one bit, found ${name} (${point.type})`);
  return () => stage.give(point, !point.value);
}

function ofCell(act: (cell: Cell, now: Now) => void): Preparation {
  return (name, path, stage) => {
    const point = stage.find(name, path);
    if (!stage.isMoving(point)) throw new OptionsError(path, `${name} has no behaviour (simulate) to start or stop`);
    return () => {
      const cell = stage.cellOf(point);
      if (cell !== undefined) act(cell, stage.now());
    };
  };
}

function ofFault(on: boolean): Preparation {
  return (name, path, stage) => {
    checkFault(name, path, stage.faultNames());
    return () => stage.switchFault(name, on);
  };
}

function ofScenario(act: (scenario: Runnable) => void): Preparation {
  return (name, path, stage) => {
    const scenario = scenarioOf(name, path, stage);
    return () => act(scenario);
  };
}

function scenarioOf(name: string, path: Path, { scenarios }: Stage): Runnable {
  const scenario = scenarios.get(name);
  if (scenario !== undefined) return scenario;
  const known = scenarios.size === 0 ? 'the unit has none' : `those of the unit are ${someOf(scenarios.keys())}`;
  throw new OptionsError(path, `there is no scenario "${name}"; ${known}`);
}

function checkFault(name: string, path: Path, known: readonly string[] = []): void {
  if (known.includes(name)) return;
  throw new OptionsError(path, `there is no fault "${name}"; known are ${someOf(known)}`);
}
