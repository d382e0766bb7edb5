import { formatMoment } from "../output/units.ts";

/** Says since when the server has counted. */
export function since(moment: string | null): string {
  return moment === null
    ? "since the statistics began, nobody knows when"
    : `since ${formatMoment(moment)}`;
}

/** Puts quotes around a name, unless the server has done so to a part of it. */
export function quoted(name: string): string {
  return name.includes('"') ? name : `"${name}"`;
}

/** Leaves the schema "public" out of a text in which it stands before names. */
export function withoutPublic(text: string): string {
  return text.replaceAll(/\bpublic\./g, "");
}
