import { defineConfig } from "vitest/config";

const withServer = {
  globalSetup: ["tests/support/random-seed.ts", "tests/support/global-setup.ts"],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

/** They take minutes, and what they look at differs least between neighbours: not on 16 and 17, nor in a container. */
const schemaTests = ["tests/database/checks/{drift,schema-text,lint-corpus,rule-pages}.test.ts"];
/**
 * Every command once, and those that do most with the catalog: what of the program's own tests runs on each version. The
 * rest runs on 18: it is about files, other tools, processes and words, or has all versions of an extension there, and
 * what it asks the server is in the group database.
 */
const onEachVersion =
  "tests/cli/{doctor,doramaflix,health,json-contracts,lock-timeout,migrate,outside-transaction,partitions,partitions-convert,partitions-retire,permissions,views-redefine,views-refresh}.test.ts";
const major = process.env["TEST_POSTGRES"] ?? "18";
/** Whoever asks for it may run any file on any version. */
const areAll = process.env["TEST_FILES"] === "all";
const isNeighbour = !areAll && (major === "16" || major === "17");

export default defineConfig({
  test: {
    // A test that compares nothing passes for ever. What is polled ends when it is so; its limit is for what never is.
    expect: { requireAssertions: true, poll: { timeout: 30_000 } },
    // Tests wait for servers and processes more than they compute.
    maxWorkers: "100%",
    // Only what is slow for a test with a server is worth a line.
    slowTestThreshold: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // None of them leaves anything behind; a process for each file would take longer than the tests.
          isolate: false,
          globalSetup: ["tests/support/random-seed.ts"],
          setupFiles: ["tests/support/property-tests.ts"],
          include: ["tests/unit/**/*.test.ts", "tests/architecture/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "database",
          include: ["tests/database/**/*.test.ts"],
          exclude: isNeighbour ? schemaTests : [],
          ...withServer,
        },
      },
      {
        extends: true,
        test: {
          name: "cli",
          include: [areAll || major === "18" ? "tests/cli/**/*.test.ts" : onEachVersion],
          ...withServer,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["tests/faults/**/*.test.ts"],
          ...withServer,
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "clients",
          include: ["tests/clients/**/*.test.ts"],
          ...withServer,
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "containers",
          include: ["tests/containers/**/*.test.ts", "tests/database/**/*.test.ts"],
          exclude: schemaTests,
          globalSetup: ["tests/support/random-seed.ts", "tests/support/container-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "docs",
          include: ["tests/docs/**/*.test.ts"],
          ...withServer,
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["tests/server/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
