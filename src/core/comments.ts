/** Returns where the first thing stands, at or after `from`, that is neither white space nor a comment of SQL. */
export function skipBlank(text: string, from = 0): number {
  for (let index = from; ;) {
    const next = skipComment(text, skipSpace(text, index));
    if (next === index) return index;
    index = next;
  }
}

/** True when a text holds comments and white space only. */
export function isBlank(text: string): boolean {
  return skipBlank(text) === text.length;
}

function skipSpace(text: string, from: number): number {
  // What PostgreSQL takes for white space: a no-break space is part of a name.
  const other = /[^ \t\n\r\f\v]/g;
  other.lastIndex = from;
  return other.exec(text)?.index ?? text.length;
}

function skipComment(text: string, from: number): number {
  if (text.startsWith("--", from)) {
    const feed = text.indexOf("\n", from);
    return feed === -1 ? text.length : feed;
  }
  return text.startsWith("/*", from) ? skipBlockComment(text, from) : from;
}

/** Comments of this kind nest; one without end is left for the parser to complain of. */
function skipBlockComment(text: string, from: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = from;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return from;
}
