// Audits a page from disk by axe-core, in a real browser: one answer a width and colour scheme.
//
// node audit.mjs MODULES BROWSER PAGE
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, executablePath, file] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const axe = readFileSync(`${modules}/axe-core/axe.min.js`, "utf8");
const address = pathToFileURL(file).href;

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = [];
for (const width of [1280, 400]) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const requests = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address, { waitUntil: "networkidle" });
    // what is folded is part of the page
    await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    found.push({
      width,
      scheme: colorScheme,
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} (${nodes.length})`),
      beyond: await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      requests: requests.filter((each) => each !== address),
    });
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(found));
