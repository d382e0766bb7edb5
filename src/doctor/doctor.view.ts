import type { View } from "../output/output.ts";
import type { Style } from "../output/style.ts";
import { count } from "../output/units.ts";
import type { Check, DoctorResult } from "./results.ts";

/** Shows what is well, and then what was found, the worst last: next to the prompt. */
export const doctorView: View<DoctorResult> = (result, { style }) => {
  const { database, user, checks } = result;
  const found = checks.filter(({ level }) => level !== "ok");
  const well = checks.filter(({ level }) => level === "ok");
  return [
    `Database "${database}", as role "${user}"`,
    well.map(({ message }) => `${style.good("ok")}  ${message}`).join("\n"),
    ...found.map((check) => findingBlock(check, style)),
    summary(found, style),
  ].join("\n\n");
};

function findingBlock({ level, name, message, reason, cure }: Check, style: Style): string {
  // What is said of a setting begins with its name.
  const said = message.startsWith(`${name} `) ? message.slice(name.length + 1) : ` ${message}`;
  return [
    `${coloured(level, style)}  ${style.heading(name)} ${said}`,
    ...[reason, ...(cure?.split("\n") ?? [])].map((line) => `  ${line}`),
  ].join("\n");
}

function coloured(level: Check["level"], style: Style): string {
  if (level === "error") return style.bad(level);
  return level === "warning" ? style.attention(level) : style.faint(level);
}

function summary(found: readonly Check[], style: Style): string {
  if (found.length === 0) return style.good("All is well.");
  const counts = (["error", "warning", "note"] as const).flatMap((level) => {
    const number = found.filter((check) => check.level === level).length;
    return number > 0 ? [count(number, level)] : [];
  });
  return `Found ${counts.join(", ")}.`;
}
