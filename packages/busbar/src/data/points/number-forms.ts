/** How one number stands in the bytes of its registers, in the order ABCD. */
export interface NumberForm {
  readonly registers: number;
  readonly min: number | bigint;
  readonly max: number | bigint;
  /** Undefined: the bytes are no number of this form. */
  read(view: DataView): number | bigint | undefined;
  /** @param value a whole number from `min` to `max`; or any number for a float. */
  write(view: DataView, value: number | bigint): void;
}

/** Binary-coded decimals: four digits to a register. @param registers 1 to 3, so that every number is exact. */
export function bcdForm(registers: number): NumberForm {
  return {
    registers,
    min: 0,
    max: 10 ** (4 * registers) - 1,
    read(view) {
      let digits = '';
      for (let i = 0; i < registers; i++)
        digits += view
          .getUint16(2 * i)
          .toString(16)
          .padStart(4, '0');
      return /[a-f]/.test(digits) ? undefined : Number(digits);
    },
    write(view, value) {
      const digits = String(value).padStart(4 * registers, '0');
      for (let i = 0; i < registers; i++) view.setUint16(2 * i, Number.parseInt(digits.slice(4 * i, 4 * i + 4), 16));
    },
  };
}
