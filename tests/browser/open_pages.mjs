// Opens addresses in Chromium as somebody who is signed in; tells of each whether it was shown or saved.
// Usage: node open_pages.mjs '{"cookie": {"name", "value", "url"}, "urls": [...]}'
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const { cookie, urls } = JSON.parse(process.argv[2]);
const browser = await browsers.launch({
  executablePath: await chromium.executablePath(),
  args: chromium.args,
  headless: true,
});
const context = await browser.newContext({ acceptDownloads: true });
await context.addCookies([cookie]);
const told = [];
for (const url of urls) {
  const page = await context.newPage();
  let saved = false;
  page.on("download", () => (saved = true));
  try {
    await page.goto(url, { waitUntil: "networkidle", timeout: 60_000 });
  } catch (problem) {
    if (!/download/i.test(String(problem))) throw problem;
    saved = true;
  }
  told.push({ url, saved });
  await page.close();
}
console.log(JSON.stringify(told));
await browser.close();
