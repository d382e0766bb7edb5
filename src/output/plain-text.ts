import stringWidth from "string-width";

/**
 * Replaces what would move the cursor of a terminal, or make it draw a text in another order: control characters but
 * for line feed and tab, and the controls of writing direction.
 */
export function harmless(text: string): string {
  return text.replaceAll(harmful, "\ufffd");
}

const harmful =
  // Control characters are what it looks for.
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The longest that a text becomes where no terminal sets a limit, in columns. */
const longest = 500;

/** Writes a text on one line, with one space in the place of any white space, cut to `columns`. */
export function oneLine(text: string, columns: number): string {
  const line = harmless(text.replaceAll(/\s+/g, " ").trim());
  const room = Math.min(columns, longest);
  // Most texts are plain, and measuring every character takes long.
  if (/^[ -~]*$/.test(line.slice(0, room + 1))) {
    return line.length <= room ? line : `${line.slice(0, room - 1).trimEnd()}…`;
  }
  let taken = "";
  let width = 0;
  for (const { segment } of characters.segment(line)) {
    width += stringWidth(segment);
    if (width > room) return `${shortened(taken, room - 1)}…`;
    taken += segment;
  }
  return taken;
}

/** Takes characters away from the end until the text has its width. */
function shortened(text: string, width: number): string {
  const kept = Array.from(characters.segment(text), ({ segment }) => segment);
  while (stringWidth(kept.join("")) > width && kept.length > 0) kept.pop();
  return kept.join("").trimEnd();
}

/** One that is drawn may be made of several. */
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
