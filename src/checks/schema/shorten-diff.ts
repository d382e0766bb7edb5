const shownLines = 40;

/** Cuts a diff that is too long for a message; `command` is the one that shows all of it. */
export function shortened(diff: string, command: string): string {
  const lines = diff.split("\n");
  const rest = lines.length - shownLines;
  if (rest <= 0) return diff;
  return [
    ...lines.slice(0, shownLines),
    `and ${rest} more lines; "doramaflix-db ${command}" shows all`,
  ].join("\n");
}
