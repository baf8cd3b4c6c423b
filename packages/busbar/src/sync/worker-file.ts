/** The program of the server's thread. */
export const workerFile = new URL('./worker.js', import.meta.url);
