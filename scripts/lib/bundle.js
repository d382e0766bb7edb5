import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./root.js";

/**
 * Writes src/ into dist/program/, one file for what is loaded together: Node needs 0.2 s for a command that loads 130
 * files of ours and 99 of zod, and half of it for the bundle. Every other package stays a dependency of its own.
 */
export async function bundle({ sourceMaps = false } = {}) {
  const bundler = await rolldown({
    // The benchmarks use the embedded server, too.
    input: { main: join(root, "src", "main.ts"), server: join(root, "src", "server", "server.ts") },
    platform: "node",
    external: (id) => /^[^./]/.test(id) && !/^zod(\/|$)/.test(id),
    tsconfig: join(root, "tsconfig.json"),
  });
  rmSync(join(root, "dist"), { recursive: true, force: true });
  await bundler.write({
    dir: join(root, "dist", "program"),
    format: "esm",
    sourcemap: sourceMaps ? "inline" : false,
  });
  await bundler.close();
  // zod's licence wants to be where a copy of zod is.
  copyFileSync(join(root, "node_modules", "zod", "LICENSE"), join(root, "dist", "zod-license.txt"));
}
