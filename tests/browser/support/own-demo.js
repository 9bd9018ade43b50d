// For specs that others' writing would disturb, or whose own would disturb others: a demo for each of their workers.
import { startDemo } from "./demo.js";
import { test as base } from "./site.js";

export const test = base.extend({
  ownDemo: [async ({}, use) => {
    const demo = await startDemo();
    process.env.EVIDENT_BROWSER_URL = demo.url;
    await use(demo);
    await demo.stop();
  }, { scope: "worker", auto: true, timeout: 120_000 }],
});
