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
  // Axe takes most of it on pages with a hundred forms.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  // People here are where the demo is, wherever the tests run.
  use: { timezoneId: "Etc/UTC", launchOptions: chromium(), viewport: { width: 1280, height: 900 }, actionTimeout: 15_000, screenshot: "only-on-failure" },
});
