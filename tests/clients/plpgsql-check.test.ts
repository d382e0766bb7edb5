import { expect, test } from "vitest";
import type { CheckResult } from "../../src/checks/results.ts";
import { runCli } from "../support/cli.ts";
import { openSession } from "../support/database.ts";
import { startDebianServer } from "../support/debian-server.ts";
import { createProject, migration } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";

async function functionsOf(url: string, project: string): Promise<CheckResult> {
  const words = ["check", "--only", "functions", "--json", "--url", url, "--project", project];
  const { stdout, exitCode, stderr } = await runCli(words);
  expect(exitCode, stderr).toBeLessThan(2);
  return JSON.parse(stdout) as CheckResult;
}

const functions = `
  create table sound (id int, note text);
  create table other (id int);
  create function fine(n int) returns text language plpgsql as $$
    begin return (select note from sound where id = n); end $$;
  create function "Broken"() returns int language plpgsql as $$
    begin
      return (select no_such_column from sound);
    end $$;
  create function doubtful() returns int language plpgsql as $$ declare unused int; begin return 1; end $$;
  create function makes_its_table() returns int language plpgsql as $$
    begin create temp table own (id int); return (select max(id) from own); end $$;
  create function touch() returns trigger language plpgsql as $$ begin new.note := 'x'; return new; end $$;
  create function called_by_nothing() returns trigger language plpgsql as $$ begin return new; end $$;
  create function counts() returns trigger language plpgsql as $$
    begin perform count(*) from added; return null; end $$;
  create trigger touch before insert on sound for each row execute function touch();
  create trigger touch before insert on other for each row execute function touch();
  create trigger counts after insert on sound referencing new table as added
    for each statement execute function counts()`;

test.skipIf(isMissing("debian-server"))(
  "plpgsql_check looks into the functions of a live database that has it, for who may read the engine's tables",
  async () => {
    const url = await startDebianServer();
    const sql = openSession(url);
    const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
    expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
      exitCode: 0,
    });
    await sql.unsafe(functions);
    expect(await functionsOf(url, project)).toMatchObject({
      findings: [],
      sections: [
        { name: "functions", notRun: 'database "postgres" has no extension plpgsql_check' },
      ],
    });

    await sql.unsafe('create schema "Check er"; create extension plpgsql_check schema "Check er"');
    await sql.unsafe(`
      create role reader login;
      grant usage on schema "Check er" to reader;
      grant select on schema_engine, partition_policies, retired_partitions to reader`);
    const own = url.replace("test@", "reader@");
    for (const address of [url, own]) {
      const { findings, sections } = await functionsOf(address, project);
      expect(findings.map(({ rule, level, object }) => [rule, level, object])).toEqual([
        ["function-fails", "error", 'function public."Broken"()'],
        ["function-fails", "error", "function public.touch()"],
        ["function-doubtful", "warning", "function public.doubtful()"],
        ["function-fails", "warning", "function public.makes_its_table()"],
      ]);
      expect(findings[0]?.message).toMatch(
        /^Line 3 of the body: column "no_such_column" does not exist\n[^]*In: .*no_such_column/,
      );
      expect(sections).toMatchObject([
        {
          note: expect.stringMatching(
            /^6 functions in PL\/pgSQL of database "postgres"$/,
          ) as string,
        },
      ]);
    }
  },
);
