/** Characters that steer a terminal, end a line or turn its direction: those of C0 and C1, and those of Unicode. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for.
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text with characters that steer a terminal written as `\u001b`: a peer's or a file's words may hold anything. */
export function shown(text: string): string {
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
