import type { Page } from "../../output/output.ts";
import { table } from "../../output/table.ts";
import { count, formatDuration } from "../../output/units.ts";
import { placeOf, shortened } from "../preflight/plan.view.ts";
import type { MigrationPlan } from "../preflight/results.ts";
import type { Effects, Execution } from "./results.ts";

/** A step that takes longer is shown though it locks nothing that others feel, in milliseconds. */
const slow = 100;

interface ShownTrial extends Execution {
  /** Knows where each statement stands. */
  readonly plan: MigrationPlan;
  /** Whether files of functions/ and views/ are pending. */
  readonly hasDefinitions: boolean;
}

/** Says what a trial found: a line for each statement that matters, the others together. */
export function executionText(trial: ShownTrial, page: Page): string {
  const steps = stepsOf(trial);
  const shown = steps.filter((step) => matters(step));
  const others = steps.filter((step) => !matters(step));
  return [
    page.style.heading("Executed in one transaction, and rolled back:"),
    ...(shown.length === 0 ? [] : [stepTable(shown, page)]),
    ...(others.length === 0 ? [] : [othersText(others, shown.length > 0)]),
    ...momentLines(trial),
    ...notExecutedLines(trial, page),
  ].join("\n");
}

interface Step extends Effects {
  readonly place: string;
  readonly text: string;
}

function stepsOf({ statements, definitions, plan }: ShownTrial): Step[] {
  const planned = new Map(plan.migrations.map((each) => [each.version, each.statements]));
  const steps = statements.map(({ version, number, ...effects }) => {
    const { line, text } = planned.get(version)?.[number - 1] ?? { line: 0, text: "" };
    return { ...effects, place: placeOf({ version, line }), text: shortened(text) };
  });
  if (definitions === null) return steps;
  return [...steps, { ...definitions, place: "files", text: "functions/ and views/" }];
}

function matters(step: Step): boolean {
  return felt(step).length > 0 || step.rewritten.length > 0 || step.duration >= slow;
}

/** The strongest locks, if others feel them. */
function felt({ locks }: Effects): Effects["locks"] {
  const heavy = locks.filter(({ holdsUpWrites }) => holdsUpWrites);
  return heavy.filter(({ mode }) => mode === heavy[0]?.mode);
}

function stepTable(steps: readonly Step[], page: Page): string {
  const rows = steps.map((step) => ({
    place: step.place,
    time: formatDuration(step.duration),
    lock: felt(step)[0]?.mode ?? "",
    relations: relationsOf(step),
    text: step.text,
  }));
  const widest = (key: "place" | "time" | "lock"): number =>
    Math.max(...rows.map((row) => row[key].length), 4);
  const room = page.width - widest("place") - widest("time") - widest("lock") - 6;
  return table(
    [
      { heading: "At" },
      { heading: "Time", align: "right" },
      { heading: "Lock" },
      { heading: "On" },
      { heading: "Statement", optional: true },
    ],
    rows.map(({ place, time, lock, relations, text }) => [
      place,
      time,
      page.style.attention(lock),
      cut(relations, Math.max(room, 10)),
      text,
    ]),
    page,
  );
}

/** Tables first and their indexes last, because who is locked out of a table has no use for its index. */
function relationsOf(step: Step): string {
  const locked = felt(step);
  const tables = locked.filter(({ kind }) => kind !== "index");
  const names = (tables.length > 0 ? tables : locked).map(({ relation }) => relation);
  const others = names.filter((name) => !step.rewritten.includes(name));
  return [...step.rewritten.map((name) => `${name} (rewritten)`), ...others].join(", ");
}

function cut(text: string, room: number): string {
  const characters = Array.from(text);
  return characters.length > room ? `${characters.slice(0, room - 1).join("")}…` : text;
}

function othersText(steps: readonly Step[], isRest: boolean): string {
  const total = formatDuration(steps.reduce((sum, { duration }) => sum + duration, 0));
  const which = isRest ? count(steps.length, "other step") : count(steps.length, "step");
  return `${which} in ${total}, with no lock that holds up others.`;
}

/** The lock alone looks as if it lasted for the whole step. */
function momentLines({ definitions }: ShownTrial): string[] {
  const isLocked = definitions?.locks.some(
    ({ kind, mode }) => kind === "materialized view" && mode === "ACCESS EXCLUSIVE",
  );
  return isLocked === true
    ? ["A view of views/ that is built beside the old one locks it only at the end of its step."]
    : [];
}

function notExecutedLines({ notExecuted, hasDefinitions }: ShownTrial, { style }: Page): string[] {
  const [first] = notExecuted;
  if (first === undefined) return [];
  const all = [...notExecuted, ...(hasDefinitions ? ["functions/ and views/"] : [])];
  return [
    `${style.attention("Not executed:")} ${all.join(", ")}.`,
    `${first} runs without a transaction, and so could not be rolled back.`,
  ];
}
