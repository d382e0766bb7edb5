// Installs the packages and builds the program, each only where it is missing or older than its sources.
import "./require-node.js";
import { prepare } from "./lib/prepare.js";

await prepare();
