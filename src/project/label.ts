/** Makes a label of any words: "Add users' table" becomes "add_users_table"; of what has no letter from a to z, "". */
export function plainLabel(words: string): string {
  return words
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036F'’]/g, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}
