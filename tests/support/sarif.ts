import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import formats from "ajv-formats";

const path = createRequire(import.meta.url).resolve("schemastore/schemas/json/sarif-2.1.0.json");

/** Returns what the schema of SARIF 2.1.0 has against a document. */
export function sarifProblems(document: unknown): readonly string[] {
  // Its pattern for languages is none with the flag "u".
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(path, "utf8")) as object);
  if (validate(document)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`);
}
