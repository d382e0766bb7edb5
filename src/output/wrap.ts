import wrap from "wrap-ansi";

/** Breaks lines between words; what follows a break stands as far from the edge as the line that was broken. */
export function wrapLines(text: string, width: number): string {
  return text
    .split("\n")
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      // Its own trimming, unlike trimEnd, sees a blank behind which a colour ends.
      return wrap(line.slice(indent.length), Math.max(1, width - indent.length))
        .split("\n")
        .map((part) => (part === "" ? "" : `${indent}${part}`));
    })
    .join("\n");
}
