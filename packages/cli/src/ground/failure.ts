/** What was asked could not be done; the message says why, and what to do. The command ends with code 1. */
export class Failure extends Error {
  override name = 'Failure';
}
