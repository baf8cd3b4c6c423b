import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { type CapturedPacket, enhancedPacket, interfaceDescription, sectionHeader } from './pcapng.js';

export interface CaptureFileOptions {
  /**
   * Called once with the error that ended the writing, such as a full disk. Without it, the error is a process warning.
   */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Bytes not yet on the disk; beyond this limit, packets are left out. */
const MAX_UNWRITTEN = 16 * 1024 * 1024;

/**
 * A capture in the pcapng format, which Wireshark and tshark open. The packets written so far can be read at any time.
 */
export class CaptureFile {
  readonly path: string;
  readonly #stream: WriteStream;
  #interfaces = 0;
  #packets = 0;
  #dropped = 0;
  #ended = false;

  private constructor(path: string, stream: WriteStream, { onError }: CaptureFileOptions) {
    this.path = path;
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#ended = true;
      if (onError === undefined) process.emitWarning(error);
      else onError(error);
    });
    stream.write(sectionHeader());
  }

  /** Creates the file, or replaces an existing one. Rejects with the system's error. */
  static async create(path: string, options: CaptureFileOptions = {}): Promise<CaptureFile> {
    const stream = createWriteStream(path);
    await once(stream, 'open');
    return new CaptureFile(path, stream, options);
  }

  /** The number of packets written. */
  get packets(): number {
    return this.#packets;
  }

  /** The number of packets left out because the disk was too slow or failed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Describes the source of packets. @returns its `interfaceId`. */
  addInterface(name: string, description?: string): number {
    this.#write(interfaceDescription(name, description));
    return this.#interfaces++;
  }

  add(packet: CapturedPacket): void {
    if (this.#ended || this.#stream.writableLength > MAX_UNWRITTEN) {
      this.#dropped++;
      return;
    }
    this.#write(enhancedPacket(packet));
    this.#packets++;
  }

  #write(bytes: Uint8Array): void {
    if (!this.#ended) this.#stream.write(bytes);
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    this.#ended = true;
    if (!this.#stream.writableEnded && !this.#stream.destroyed) this.#stream.end();
    if (!this.#stream.closed) await new Promise<void>((resolve) => this.#stream.once('close', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
