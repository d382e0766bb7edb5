/** Quotes a text for sh and its kin, so that it is one word and means nothing else. */
export function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Quotes a text for a shell where it needs that. */
export function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : shellQuoted(text);
}
