import { defineConfig } from "vitest/config";

const withServer = {
  globalSetup: ["tests/support/global-setup.ts"],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // Only what is slow for a test with a server is worth a line.
    slowTestThreshold: 20_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/architecture/**/*.test.ts"],
        },
      },
      { test: { name: "database", include: ["tests/database/**/*.test.ts"], ...withServer } },
      { test: { name: "cli", include: ["tests/cli/**/*.test.ts"], ...withServer } },
      {
        test: {
          name: "docs",
          include: ["tests/docs/**/*.test.ts"],
          ...withServer,
          testTimeout: 180_000,
        },
      },
      {
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
