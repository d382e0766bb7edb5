import type { DocumentView, Output, View } from "./output.ts";

/** What turns a result into text, for each format but JSON; loaded when it is needed. */
export interface Views<Result> {
  readonly table: () => Promise<View<Result>>;
  readonly documents: Readonly<Record<string, () => Promise<DocumentView<Result>>>>;
}

/** Writes the one result of a command that takes --format. */
export async function writeAs<Result extends object>(
  {
    format = "table",
    views,
  }: { readonly format?: string | undefined; readonly views: Views<Result> },
  result: Result,
  output: Output,
): Promise<void> {
  const document = views.documents[format];
  if (document === undefined) output.result(result, await views.table());
  else output.document(result, await document());
}
