/** The words of our palette; a view says what a text means and never which colour it has. */
export interface Style {
  readonly heading: (text: string) => string;
  readonly good: (text: string) => string;
  readonly attention: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain = (text: string): string => text;

/** For files, pipes and terminals without colours. */
export const plainStyle: Style = {
  heading: plain,
  good: plain,
  attention: plain,
  bad: plain,
  faint: plain,
};

/** For terminals; loads the library of colours, which takes 12 ms that a script need not wait for. */
export async function colouredStyle(): Promise<Style> {
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  return {
    heading: chalk.bold,
    good: chalk.green,
    attention: chalk.yellow,
    bad: chalk.red,
    faint: chalk.dim,
  };
}
