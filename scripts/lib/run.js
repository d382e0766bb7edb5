import { spawn } from "node:child_process";
import { root } from "./root.js";

/**
 * Runs a program in the repository; returns its exit code and what it printed.
 *
 * With `show`, it prints to the terminal itself and the returned output is empty.
 */
export async function run(file, args, { show = false, env = process.env } = {}) {
  const child = spawn(file, args, {
    cwd: root,
    env,
    stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (text) => {
    output += text;
  };
  child.stdout?.setEncoding("utf8").on("data", collect);
  child.stderr?.setEncoding("utf8").on("data", collect);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      resolve({ exitCode: 127, output: `${file}: ${error.message}\n` });
    });
    child.on("close", (exitCode) => {
      // A child ended by a signal has no exit code.
      resolve({ exitCode: exitCode ?? 1, output });
    });
  });
}
