// Uploads a file as somebody who is signed in, in Chromium: once until the page is closed half-way, then again, on a line
// that breaks. Tells what the page got, what it saw of the progress, and how many parts each page sent.
// Usage: node large_upload.mjs '{"cookie": {"name", "value", "url"}, "page": "http://…/?id=…", "file": "/tmp/film.mp4"}'
import chromium from "@sparticuz/chromium";
import { chromium as browsers } from "playwright-core";

const { cookie, page: address, file } = JSON.parse(process.argv[2]);
const SLOWLY = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 40_000_000 };
const browser = await browsers.launch({
  executablePath: await chromium.executablePath(),
  args: chromium.args,
  headless: true,
});
const context = await browser.newContext();
await context.addCookies([cookie]);

async function begun() {
  const page = await context.newPage();
  const sent = { parts: 0 };
  page.on("requestfinished", (request) => (sent.parts += request.method() === "PUT" ? 1 : 0));
  const line = await context.newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", SLOWLY);
  await page.goto(address);
  await page.setInputFiles("input", file);
  await page.evaluate(() => void upload());
  return { page, line, sent };
}

const far = (page, share) => page.waitForFunction((wanted) => window.seen.at(-1) >= wanted, share, { timeout: 60_000 });

const first = await begun();
await far(first.page, 0.6);
await first.page.close();

// The request that completes the upload does not come through at first.
let completions = 0;
await context.route("**/upload/complete", (route) => (completions++ ? route.continue() : route.abort()));
const second = await begun();
await far(second.page, 0.9);
await second.line.send("Network.emulateNetworkConditions", { ...SLOWLY, offline: true });
await second.page.waitForFunction(() => !navigator.onLine);
await second.line.send("Network.emulateNetworkConditions", SLOWLY);
const answer = await second.page.waitForFunction(() => window.answer, null, { timeout: 120_000 });
const seen = await second.page.evaluate(() => window.seen);
const parts = [first.sent.parts, second.sent.parts];
console.log(JSON.stringify({ answer: await answer.jsonValue(), seen, parts, completions }));
await browser.close();
