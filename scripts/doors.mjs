// npm run doors: the files and functions of the library that one plain read enters, in the order in which it enters
// them. With --json for the test of docs/architecture.md. The library is compiled for this file by file.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { root, setup } from './setup.mjs';

const COMPILED = join(root, 'node_modules/.cache/busbar/doors');
const LIBRARY = `${pathToFileURL(COMPILED).href}/`;
/** Reads ten holding registers of unit 1. */
const READ = Buffer.from('00010000000601030000000a', 'hex');
const WARM_UP_READS = 2;
/** What enters the library in one of these reads only came with a timer. */
const READS = 3;

/**
 * @typedef {{ file: string, name: string, calls: number }} Door
 * @typedef {Door & { scriptId: string, start: number }} Found
 */

if (process.argv[2] === '--serve') await serve();
else if (process.argv[2] === '--json') console.log(JSON.stringify(await measure()));
else {
  setup();
  report(await measure());
}

/** The parent: reads, and asks the server what that entered. */
async function measure() {
  const server = fork(fileURLToPath(import.meta.url), ['--serve']);
  const answer = async () => (await once(server, 'message'))[0];
  const socket = connect(await answer(), '127.0.0.1');
  const ask = async (/** @type {string} */ question) => {
    server.send(question);
    return answer();
  };
  const read = async () => {
    socket.write(READ);
    await once(socket, 'data');
  };
  for (let i = 0; i < WARM_UP_READS; i++) await read();
  for (let i = 0; i < READS; i++) {
    await ask('count');
    await read();
    await ask('counted');
  }
  await ask('follow');
  await read();
  const doors = await ask('followed');
  socket.destroy();
  server.disconnect();
  return doors;
}

/** @param {Door[]} doors in the order in which they are entered */
function report(doors) {
  const files = new Set(doors.map(({ file }) => file));
  const calls = doors.reduce((sum, door) => sum + door.calls, 0);
  console.log(
    `One read of ten registers enters ${files.size} files and ${doors.length} functions, in ${calls} calls:\n`,
  );
  doors.forEach(({ file, name, calls }, i) => {
    console.log(`${String(i + 1).padStart(4)}  ${file.padEnd(32)} ${name}${calls > 1 ? `  (${calls} times)` : ''}`);
  });
}

/** The child: a server that says which functions were called. */
async function serve() {
  compile();
  const { ModbusTcpServer, Unit } = await import(`${LIBRARY}index.js`);
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });
  const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
  await server.listen();
  const inspector = new Session();
  inspector.connect();
  /** @type {Found[][]} */
  const reads = [];
  /** @type {Found[]} */
  let doors = [];
  /** @type {Record<string, () => unknown>} */
  const answers = {
    count: () => startCounting(inspector),
    counted: () => reads.push(stopCounting(inspector)),
    follow: () => {
      doors = common(reads);
      follow(inspector, doors);
    },
    followed: () => entered.map((index) => doors[index]),
  };
  process.on('message', (/** @type {string} */ question) => process.send?.(answers[question]() ?? null));
  process.on('disconnect', () => process.exit());
  process.send?.(server.address()?.port);
}

function compile() {
  buildSync({ entryPoints: ['packages/busbar/src/**/*.ts'], absWorkingDir: root, outdir: COMPILED, format: 'esm' });
  writeFileSync(join(COMPILED, 'package.json'), '{ "type": "module" }');
}

/**
 * @param {Session} inspector
 * @param {string} method
 * @param {object} [params]
 */
function post(inspector, method, params) {
  /** @type {any} */
  let result;
  // The answer of a session with its own thread is there at once.
  inspector.post(method, params, (error, answer) => {
    if (error) throw error;
    result = answer;
  });
  return result;
}

/** @param {Session} inspector */
function startCounting(inspector) {
  post(inspector, 'Profiler.enable');
  post(inspector, 'Profiler.startPreciseCoverage', { callCount: true, detailed: false });
}

/**
 * @param {Session} inspector
 * @returns {Found[]}
 */
function stopCounting(inspector) {
  const { result } = post(inspector, 'Profiler.takePreciseCoverage');
  post(inspector, 'Profiler.stopPreciseCoverage');
  return result.flatMap(({ scriptId, url, functions }) => {
    if (!url.startsWith(LIBRARY)) return [];
    const file = url.slice(LIBRARY.length).replace(/\.js$/, '.ts');
    return functions.flatMap(({ functionName, ranges: [{ startOffset, count }] }) =>
      count > 0 ? [{ file, name: functionName, calls: count, scriptId, start: startOffset }] : [],
    );
  });
}

/** @param {Found[][]} reads */
function common([first, ...others]) {
  const isIn = (/** @type {Found[]} */ read, /** @type {Found} */ { scriptId, start }) =>
    read.some((each) => each.scriptId === scriptId && each.start === start);
  return first.filter((door) => others.every((read) => isIn(read, door)));
}

/** Indexes of doors, in the order in which they are entered. @type {number[]} */
const entered = [];

/**
 * Has the first statement of each function note that it is reached: a breakpoint whose condition is never true stops
 * nothing.
 * @param {Session} inspector
 * @param {Found[]} doors
 */
function follow(inspector, doors) {
  const note = 'busbarDoorEntered';
  Object.assign(globalThis, {
    [note]: (/** @type {number} */ index) => {
      if (!entered.includes(index)) entered.push(index);
    },
  });
  /** @type {Map<string, string>} */
  const sources = new Map();
  post(inspector, 'Debugger.enable');
  doors.forEach(({ scriptId, start }, index) => {
    if (!sources.has(scriptId)) {
      sources.set(scriptId, post(inspector, 'Debugger.getScriptSource', { scriptId }).scriptSource);
    }
    const before = sources.get(scriptId)?.slice(0, start).split('\n') ?? [];
    const at = { scriptId, lineNumber: before.length - 1, columnNumber: before.at(-1)?.length };
    const { locations } = post(inspector, 'Debugger.getPossibleBreakpoints', { start: at, restrictToFunction: true });
    post(inspector, 'Debugger.setBreakpoint', { location: locations[0], condition: `${note}(${index})` });
  });
}
