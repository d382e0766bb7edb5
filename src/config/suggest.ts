/** Returns ` Did you mean "…"?` for the nearest candidate, or an empty text when none is near. */
export function suggest(word: string, candidates: readonly string[]): string {
  // Two letters that changed places count as two; in a word of one or two letters, two slips leave nothing.
  const limit = word.length > 2 ? 2 : 1;
  const near = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= limit)
    .toSorted((left, right) => left.distance - right.distance);
  return near[0] === undefined ? "" : ` Did you mean "${near[0].candidate}"?`;
}

/** Counts the letters to insert, take away or replace to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(to).entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const inserted = (current[column] ?? 0) + 1;
      const removed = (previous[column + 1] ?? 0) + 1;
      current.push(Math.min(replaced, inserted, removed));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
