// Bundles src/ into dist/.
import "./require-node.js";
import { bundle } from "./lib/bundle.js";

await bundle();
