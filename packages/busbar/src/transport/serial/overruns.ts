import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Characters that a port has lost since the system started because they were not fetched in time. Linux counts them for
 * on-board UARTs, and shows them to root.
 * @param proc the system's folder; another one for tests.
 * @returns undefined if the system does not report it.
 */
export async function readOverruns(path: string, proc = '/proc/tty'): Promise<number | undefined> {
  try {
    const device = await realpath(path);
    const driver = findDriver(await readFile(join(proc, 'drivers'), 'utf8'), device);
    if (driver === undefined) return undefined;
    return overrunsOf(await readFile(join(proc, 'driver', driver.name), 'utf8'), driver.index);
  } catch {
    // Not Linux, no such file, or not readable by this user.
    return undefined;
  }
}

/** The driver of `/dev/ttyS1`, and the index of the port in it: lines are `serial  /dev/ttyS  4 64-95 serial`. */
function findDriver(drivers: string, device: string): { name: string; index: string } | undefined {
  const [, prefix, index] = /^(.*?)(\d+)$/.exec(device) ?? [];
  const columns = drivers.split('\n').map((line) => line.split(/\s+/));
  const name = columns.find((column) => column[1] === prefix && column[4] === 'serial')?.[0];
  return name === undefined || index === undefined ? undefined : { name, index };
}

/**
 * From a line such as `0: uart:16550A port:000003F8 irq:4 tx:11 rx:8 oe:2`. Without `oe` there are no overruns; without
 * `tx` the user may not see them.
 */
function overrunsOf(ports: string, index: string): number | undefined {
  const line = ports.split('\n').find((each) => each.startsWith(`${index}:`));
  if (line === undefined || !/ tx:\d/.test(line)) return undefined;
  return Number(/ oe:(\d+)/.exec(line)?.[1] ?? 0);
}
