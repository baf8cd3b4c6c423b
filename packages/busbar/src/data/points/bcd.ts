import type { NumberForm } from '../number-types.js';

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
