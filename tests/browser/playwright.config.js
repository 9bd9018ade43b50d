// How the browser tests run: Debian's Chromium against one demo that support/setup.js starts and stops.
import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium.js";

export default defineConfig({
  testMatch: "*.spec.js",
  outputDir: "results",
  globalSetup: "./support/setup.js",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  // Axe takes most of it on pages with a hundred forms. All limits are those of a debug build on a machine that has other
  // things to do: nothing waits for them but a test that fails.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  // People here are where the demo is, wherever the tests run.
  use: { timezoneId: "Etc/UTC", launchOptions: chromium(), viewport: { width: 1280, height: 900 }, actionTimeout: 45_000, screenshot: "only-on-failure" },
});
