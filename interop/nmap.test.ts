import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { runChecked } from './helpers/process.js';

let busbar: RunningBusbar;
beforeAll(async () => {
  busbar = await startBusbar();
});
afterAll(() => busbar?.stop());

/** The plus sign runs the script although the port isn't Modbus' own. */
function discover(...options: string[]): Promise<string> {
  const script = ['-Pn', '-n', '-p', String(busbar.port), '--script', '+modbus-discover', ...options];
  return runChecked('nmap', [...script, '127.0.0.1']);
}

test('nmap finds the first unit, its server id and its basic device identification', async () => {
  const report = await discover();
  expect(report).toContain(`${busbar.port}/tcp open  modbus`);
  expect(report).toContain('sid 0x1:');
  expect(report).toMatch(/Slave ID data: \\x11\\xFFAcme B-1/);
  expect(report).toContain('Device identification: Acme B-1 1.0');
  expect(report).not.toContain('sid 0x2:');
});

test('nmap in its aggressive mode finds every unit and hears of the others that they do not respond', async () => {
  const report = await discover('--script-args', 'modbus-discover.aggressive=true');
  expect(report).toMatch(/sid 0x1:[^:]*Slave ID data: \\x11\\xFFAcme B-1/);
  expect(report).toMatch(/sid 0x9:[^:]*Slave ID data: \\x12\\x00/);
  expect(report.match(/error: GATEWAY TARGET DEVICE FAILED TO RESPOND/g)).toHaveLength(244);
});
