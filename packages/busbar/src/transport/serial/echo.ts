/** Removes the bytes that were sent from those received, for adapters that hear themselves. */
export class EchoFilter {
  /** The chunks that were sent and have not come back. */
  #sent: Uint8Array[] = [];
  /** How many bytes of the first chunk have come back. */
  #matched = 0;

  expect(bytes: Uint8Array): void {
    this.#sent.push(bytes);
  }

  /**
   * @returns the bytes that are not an echo. A different byte ends the discarding: the rest of the echo is lost, or
   * there is no echo.
   */
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
