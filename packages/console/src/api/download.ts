import { open } from './request.js';

/** Saves a file of the API; a plain link could not send the token. @throws ApiError */
export async function download(path: string, name: string): Promise<void> {
  save(await (await open(path)).blob(), name);
}

export function saveText(text: string, type: string, name: string): void {
  save(new Blob([text], { type }), name);
}

/** Saves bytes as a file of the user's. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has to begin before the address is gone.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
