/** What is no number goes as it is: the server says what it expects. */
export function numberOrText(text: string): number | string {
  const given = text.trim();
  const number = Number(given);
  return given === '' || Number.isNaN(number) ? given : number;
}

/** Several of them, with commas or spaces between. */
export function numbersOrTexts(text: string): (number | string)[] {
  return partsOf(text).map(numberOrText);
}

/** Several texts, with commas or spaces between. */
export function partsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
