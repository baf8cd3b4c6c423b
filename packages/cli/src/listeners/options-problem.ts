import type { OptionsError } from 'busbar';
import { formatPath } from '../ground/path.js';

/** What the library says of a wrong option, without the option's own path in front. */
export function problemText({ path, message }: OptionsError): string {
  const own = `${formatPath(path)}: `;
  return message.startsWith(own) ? message.slice(own.length) : message;
}
