import { Chalk, type ChalkInstance } from "chalk";

/** The words of our palette; a view says what a text means and never which colour it has. */
export interface Style {
  readonly heading: (text: string) => string;
  readonly good: (text: string) => string;
  readonly attention: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** `coloured` is decided once, from the terminal and NO_COLOR, by whoever owns the stream. */
export function createStyle({ coloured }: { coloured: boolean }): Style {
  const chalk: ChalkInstance = new Chalk({ level: coloured ? 1 : 0 });
  return {
    heading: chalk.bold,
    good: chalk.green,
    attention: chalk.yellow,
    bad: chalk.red,
    faint: chalk.dim,
  };
}
