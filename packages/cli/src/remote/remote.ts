// What those need who ask a device: imported late, and as one.
export { untilThere } from './away.js';
export { RemoteClient } from './client.js';
export { Covered } from './covered.js';
export { openEvents } from './events.js';
export { allPoints, findPoints, pointPath } from './points.js';
export { printJson, printLine, printRows } from './show.js';
export { parseNumber, parseSwitch, parseValue, valueText } from './values.js';
