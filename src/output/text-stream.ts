/** A stream to write to; `columns`, `rows` and `isTTY` are those of a terminal. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
  on(event: "resize" | "error", listener: () => void): unknown;
  off(event: "resize" | "error", listener: () => void): unknown;
}

/** A terminal that does not know its width, or says 0, is taken to have 80 columns. */
export function widthOf({ isTTY, columns = 0 }: Pick<TextStream, "isTTY" | "columns">): number {
  if (isTTY !== true) return Infinity;
  return columns > 0 ? columns : 80;
}
