/** Takes the bytes that were sent out of those that come, for adapters that hear themselves. */
export class EchoFilter {
  /** What was sent and has not come back. */
  #sent: Uint8Array[] = [];
  /** So much of the first of them has. */
  #matched = 0;

  expect(bytes: Uint8Array): void {
    this.#sent.push(bytes);
  }

  /** @returns what is no echo. A byte that differs ends the discarding: the rest of the echo is lost, or there is none. */
  strip(chunk: Uint8Array): Uint8Array {
    let at = 0;
    while (at < chunk.length && this.#sent.length > 0) {
      if (!this.#matches(chunk[at])) break;
      at++;
    }
    return chunk.subarray(at);
  }

  #matches(byte: number): boolean {
    const [first] = this.#sent;
    if (byte !== first[this.#matched]) {
      this.#sent = [];
      this.#matched = 0;
      return false;
    }
    if (++this.#matched === first.length) {
      this.#sent.shift();
      this.#matched = 0;
    }
    return true;
  }
}
