import { expect, test } from "vitest";
import { createProject } from "../../support/project.ts";
import { refusedWithHint } from "./refusals.ts";

test("an unknown command is refused, with the one that was meant", async () => {
  const { exitCode, error } = await refusedWithHint("migrat");
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({
    code: "USAGE",
    message: 'Unknown command "migrat".',
    hint: 'Did you mean "migrate"?',
  });
});

const commandLines = {
  "an unknown option": { args: ["migrate", "--dry"], message: 'Unknown option "--dry".' },
  "an option without its value": {
    args: ["migrate", "--to"],
    message: 'Option "--to <version>" argument missing.',
  },
  "an operand that the command does not take": {
    args: ["migrate", "001_first"],
    message: 'Too many arguments for "migrate". Expected 0 arguments but got 1.',
  },
  "no name for a new migration": { args: ["new"], message: 'Missing required argument "name".' },
};

for (const [mistake, { args, message }] of Object.entries(commandLines)) {
  // Fails until src/program.ts hands the settings of main.ts on to the commands: they end the process themselves.
  test(`${mistake} is refused`, async () => {
    const { exitCode, error } = await refusedWithHint(...args);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: "USAGE", message });
  });
}

test("a project folder that does not exist is refused", async () => {
  const { exitCode, error } = await refusedWithHint("migrate", "--project", "/nowhere/at/all");
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({
    code: "PROJECT_NOT_FOUND",
    message: expect.stringContaining("/nowhere/at/all") as string,
  });
});

test("a folder that is no project is refused, whether or not there is a server", async () => {
  const project = await createProject({ "README.md": "" });
  const url = "postgresql://nobody@127.0.0.1:1/nothing";
  for (const command of ["migrate", "rollback"]) {
    const { exitCode, error } = await refusedWithHint(command, "--project", project, "--url", url);
    // Whichever is found first.
    expect([2, 3]).toContain(exitCode);
    expect(["PROJECT_NOT_FOUND", "CONNECTION_FAILED"]).toContain(error.code);
  }
});
