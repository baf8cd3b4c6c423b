import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { checkAll, checkString, type Path, show } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import type { TlsCertificateOptions } from './certificates.js';
import type { PemSource, PemSources } from './pem.js';

type Name = 'cert' | 'key' | 'ca' | 'crl';
type FileName = `${Name}File`;

interface SourceOptions extends TlsCertificateOptions {
  readonly requireClientCertificate?: boolean | undefined;
}

const NAMES: readonly Name[] = ['cert', 'key', 'ca', 'crl'];
/** The longest revocation lists have a few megabytes. */
const MAX_MIB = 16;
const PATIENCE_MS = 10_000;
/** Opening must not wait for the writer of a pipe, or for a modem. Windows has neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const READABLE_BY_ALL = 0o004;

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'not permitted to read it',
  EISDIR: 'it is a folder',
  ENXIO: 'expected a file, found a socket or a pipe',
};

/** The files among the options. */
export function certificateFiles(options: TlsCertificateOptions): string[] {
  return NAMES.map((name) => options[fileOption(name)]).filter((file) => file !== undefined);
}

/** Reads the files at once. Refuses files that would block, such as pipes, but waits for a file system that hangs. */
export function readSourcesNow(options: SourceOptions): PemSources {
  return requireSources(options, (name) => givenSource(options, name) ?? readNow(options, name));
}

/** The same without blocking, and for at most ten seconds. */
export async function readSources(options: SourceOptions): Promise<PemSources> {
  const sources = NAMES.map(
    async (name) => [name, givenSource(options, name) ?? (await readSoon(options, name))] as const,
  );
  const found = new Map(await Promise.all(sources));
  return requireSources(options, (name) => found.get(name));
}

function requireSources(options: SourceOptions, find: (name: Name) => PemSource | undefined): PemSources {
  return checkAll({
    cert: () => find('cert') ?? missing('certFile', "the server's certificate is missing"),
    key: () => find('key') ?? missing('keyFile', "the private key of the server's certificate is missing"),
    ca: () => find('ca') ?? withoutAuthority(options),
    crl: () => find('crl'),
  });
}

function withoutAuthority({ crl, crlFile, requireClientCertificate = true }: SourceOptions): undefined {
  if (crlFile !== undefined || crl !== undefined) missing('caFile', 'a revocation list needs its CA');
  if (requireClientCertificate) throw noAuthority(['caFile']);
}

function missing(option: FileName, problem: string): never {
  throw new OptionsError([option], `${problem}; nothing is ever served in clear text here`);
}

/** The error for a missing CA of clients. */
export function noAuthority(path: Path): OptionsError {
  const problem = "the CA that clients' certificates must come from is missing";
  return new OptionsError(path, `${problem}; without client certificates: requireClientCertificate: false`);
}

function fileOption(name: Name): FileName {
  return `${name}File`;
}

/** The source for text given in place of a file; undefined without one. */
function givenSource(options: SourceOptions, name: Name): PemSource | undefined {
  const given: unknown = options[name];
  if (given === undefined) return undefined;
  const file = fileOption(name);
  if (options[file] !== undefined) throw new OptionsError([name], `give either ${file} or ${name}, not both`);
  const fault = (problem: string) => new OptionsError([name], problem);
  return { name, text: toText(given, [name]), readableByAll: false, fault };
}

function toText(given: unknown, path: Path): string {
  if (typeof given === 'string') return given;
  if (given instanceof Uint8Array) return Buffer.from(given).toString('latin1');
  throw new OptionsError(path, `expected PEM text or its bytes, found ${show(given)}`);
}

function readNow(options: SourceOptions, name: Name): PemSource | undefined {
  const option = fileOption(name);
  if (options[option] === undefined) return undefined;
  const file = checkString(options[option], [option]);
  try {
    const descriptor = openSync(file, FLAGS);
    try {
      const stats = fstatSync(descriptor);
      checkFile(stats);
      const bytes = Buffer.alloc(stats.size);
      return fileSource(file, option, stats, bytes.subarray(0, readSync(descriptor, bytes, 0, stats.size, 0)));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw readFault(file, option, error);
  }
}

async function readSoon(options: SourceOptions, name: Name): Promise<PemSource | undefined> {
  const option = fileOption(name);
  if (options[option] === undefined) return undefined;
  const file = checkString(options[option], [option]);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it could not be read within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([readFile(file, option), late]);
  } catch (error) {
    throw readFault(file, option, error);
  } finally {
    clearTimeout(timer);
  }
}

async function readFile(file: string, option: FileName): Promise<PemSource> {
  const handle: FileHandle = await open(file, FLAGS);
  try {
    const stats = await handle.stat();
    checkFile(stats);
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await handle.read(bytes, 0, stats.size, 0);
    return fileSource(file, option, stats, bytes.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

function checkFile(stats: Stats): void {
  if (stats.isDirectory()) throw new Error(READ_PROBLEMS.EISDIR);
  if (!stats.isFile()) throw new Error('expected a file, found a pipe or a device');
  if (stats.size > MAX_MIB * 1024 * 1024) throw new Error(`it is larger than ${MAX_MIB} MiB`);
}

function fileSource(file: string, option: FileName, { mode }: Stats, bytes: Buffer): PemSource {
  // Windows has no such bits, and Node sets them all.
  const readableByAll = process.platform !== 'win32' && (mode & READABLE_BY_ALL) !== 0;
  return {
    name: file,
    text: bytes.toString('latin1'),
    readableByAll,
    fault: (problem) => fileFault(file, option, problem),
  };
}

function fileFault(file: string, option: FileName, problem: string): OptionsError {
  return new OptionsError([option], `${file}: ${problem}`);
}

function readFault(file: string, option: FileName, error: unknown): OptionsError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return fileFault(file, option, READ_PROBLEMS[code] ?? message);
}
