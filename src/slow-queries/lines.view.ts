/** Puts lines below each row of a table that has a heading, and moves all of it in by two columns. */
export function withLines(drawn: string, below: readonly (readonly string[])[]): string {
  const [heading = "", ...rows] = drawn.split("\n");
  return [
    `  ${heading}`,
    ...rows.flatMap((row, place) =>
      [`  ${row}`].concat((below[place] ?? []).map((line) => `    ${line}`)),
    ),
  ].join("\n");
}

/** The page between that margin and the edge. */
export function inner<Page extends { readonly width: number }>(page: Page): Page {
  return { ...page, width: page.width - 2 };
}
