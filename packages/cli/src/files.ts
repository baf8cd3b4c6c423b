const READ_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
};

const WRITE_ERRORS: Record<string, string> = {
  ENOENT: 'there is no such folder',
  EACCES: 'writing it is not permitted',
  EISDIR: 'it is a folder',
};

/** Why a file can't be read, in words. */
export function fileProblem(error: unknown): string {
  return problemIn(READ_ERRORS, error);
}

/** Why a file can't be written, in words. */
export function writeProblem(error: unknown): string {
  return problemIn(WRITE_ERRORS, error);
}

function problemIn(words: Record<string, string>, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return words[code] ?? String(error);
}
