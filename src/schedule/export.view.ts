import type { ExportResult } from "./results.ts";

/** Shows the one file as it is, and of several each behind its name. */
export function exportView({ files }: ExportResult): string {
  const [first, ...others] = files;
  if (first === undefined) return "No job has a time.";
  if (others.length === 0) return first.text.trimEnd();
  return files
    .map(({ name, text }) => `# ${name}\n${text}`)
    .join("\n")
    .trimEnd();
}
