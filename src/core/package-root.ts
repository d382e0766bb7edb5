import { fileURLToPath } from "node:url";

/** The folder of package.json; src/core and dist/program lie at the same depth below it. */
export const packageRoot = fileURLToPath(new URL("../..", import.meta.url));
