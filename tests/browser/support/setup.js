// One demo for the whole run.
import { startDemo } from "./demo.js";

export default async function setup() {
  const demo = await startDemo();
  process.env.EVIDENT_BROWSER_URL = demo.url;
  return demo.stop;
}
