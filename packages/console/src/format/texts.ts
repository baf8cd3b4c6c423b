/** What the server says, as a sentence: it begins with a large letter, unless its first word is a name of the config. */
export function sentence(text: string): string {
  return /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
