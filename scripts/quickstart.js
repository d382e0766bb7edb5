// From a fresh clone to a migrated database with some data; what is there already is left as it is.
import "./require-node.js";
import { quickstart } from "./lib/quickstart.js";

process.exitCode = await quickstart();
