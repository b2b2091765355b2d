// Opens pages in Chromium and takes a picture of each.
// Usage: node photograph.mjs FILE, a JSON file of
//   folder  where the pictures go
//   shown   [real, shown] pairs of words: what differs from one run to the next is shown as always the same
//   pages   [{name, url | html, width, height, script, says}]; `script` runs in the page before its picture is taken,
//           `says` is a pattern of words that are to be read in it
//   site    {address, policy, files}: what a distribution on AWS would answer there, by path
// Prints as JSON what is wrong: messages of the browser, words that are missing, pages wider than the window of a desk or
// of a phone.
import { readFile } from "node:fs/promises";
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const PHONE = { width: 390, height: 844 };
const { folder, shown, pages, site } = JSON.parse(await readFile(process.argv[2], "utf8"));
const options = { executablePath: await chromium.executablePath(), args: chromium.args, headless: true };
const browser = await browsers.launch(options);
const problems = [];
const context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce" });
await context.route(`${site.address}/**`, (route) => {
  const found = site.files[new URL(route.request().url()).pathname];
  const headers = { "Content-Type": found?.type, "Content-Security-Policy": site.policy };
  return route.fulfill(found ? { headers, body: found.text } : { status: 404 });
});
for (const { name, url, html, width, height, script, says } of pages) {
  const page = await context.newPage();
  page.on("console", (message) => problems.push(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${name}: ${error}`));
  await (url ? page.goto(url) : page.setContent(html));
  if (script) await page.evaluate(script);
  await page.evaluate(replaceWords, shown);
  const words = await page.evaluate(() => document.body.innerText);
  if (!new RegExp(says).test(words)) problems.push(`${name}: does not say ${says}`);
  for (const size of [PHONE, { width, height }]) {
    await page.setViewportSize(size);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > size.width) problems.push(`${name}: ${wide} wide in a window of ${size.width}`);
  }
  await page.screenshot({ path: `${folder}/${name}.png`, caret: "hide" });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(problems));

function replaceWords(pairs) {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (["SCRIPT", "STYLE"].includes(text.parentElement.tagName)) continue;
    for (const [real, instead] of pairs) text.data = text.data.replace(new RegExp(real, "g"), instead);
  }
}
