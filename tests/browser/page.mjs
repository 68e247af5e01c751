// page.mjs: the manager's page, used as a person would, in headless Chromium; page.py starts everything and runs this.
//
// PAGE_URL         base URL of the daemon
// PAGE_LINK        a fresh sign-in link of a leader; PAGE_LINK_SMALL: of a manager with three reps
// SDK, CHROMIUM, SHOTS as in try.mjs
//
// Prints one line a check and a closing line. Exit 0 all passed, 1 any failed, 77 cannot run here.

import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const WAIT_MS = Number(process.env.TRY_WAIT_MS ?? 60000);
const base = process.env.PAGE_URL;
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const require = createRequire(join(resolve(process.env.SDK ?? '.'), 'node_modules', 'x.js'));
const { chromium } = require('playwright-core');
if (!existsSync(chromiumPath)) {
  console.log(`skipped: ${chromiumPath} is not installed`);
  process.exit(77);
}

let passed = 0;
let failed = 0;

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

async function check(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${String(error.message ?? error).split('\n')[0]}`);
  }
}

const browser = await chromium.launch({
  timeout: 3 * WAIT_MS,
  executablePath: chromiumPath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const complaints = [];

async function open() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', acceptDownloads: true });
  await context.addInitScript(() => {
    window.cspViolations = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.cspViolations.push(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return page;
}

const page = await open();

async function shot(name, where = page) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await where.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true, animations: 'disabled' });
}

const ready = (where = page) => where.locator('body[data-ready]').waitFor({ state: 'attached' });
const width = (where = page) => where.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);

await check('not signed in: the page says how', async () => {
  await page.goto(`${base}/`);
  assert((await page.textContent('main')).includes('write page to the bot'), 'it does not say how');
  await shot('hello');
});

await check('a look at the link does not use it up', async () => {
  for (let i = 0; i < 2; i += 1) {
    const seen = await page.context().request.get(process.env.PAGE_LINK);
    assert(seen.status() === 200, `looked at: ${seen.status()}`);
  }
});

await check('the link opens the page over a button', async () => {
  await page.goto(process.env.PAGE_LINK);
  await shot('enter');
  await page.getByRole('button', { name: 'Open my page' }).click();
  await ready();
  assert(new URL(page.url()).pathname === '/' && !page.url().includes('token'), `address ${page.url()}`);
  assert((await page.textContent('#lead')).startsWith('For Kim Adler: 19 people in 3 teams'), await page.textContent('#lead'));
});

await check('a used link says kindly that it is over', async () => {
  const other = await open();
  const answer = await other.goto(process.env.PAGE_LINK);
  assert(answer.status() === 410, `status ${answer.status()}`);
  assert((await other.textContent('h1')) === 'This link is over', await other.textContent('h1'));
  await shot('gone', other);
  await other.context().close();
  complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('410')));
});

const TABLES = ['level', 'wins', 'rules', 'experiments', 'measures', 'mix', 'thirds', 'praise', 'praise-times', 'voices', 'attention',
  'upcoming', 'health', 'files'];

await check('every table has its panel, its words and its file', async () => {
  const ids = await page.locator('section.panel').evaluateAll((nodes) => nodes.map((node) => node.id));
  assert(ids.join() === TABLES.join(), ids.join());
  assert(await page.locator('section.panel .about').count() === TABLES.length, 'a table does not say what it is');
  assert(await page.locator('section.panel a.csv').count() === TABLES.length, 'a table has no file');
});

await check('plots are drawn, and each has the same rows as a table', async () => {
  for (const id of ['level', 'wins', 'rules', 'experiments', 'mix', 'thirds', 'praise', 'praise-times', 'attention', 'upcoming']) {
    const panel = page.locator(`#${id}`);
    assert(await panel.locator('svg .row').count() > 0, `${id} has no plot`);
    assert(await panel.locator('tbody tr').count() > 0, `${id} has no table`);
    const open = await panel.locator('svg').evaluate((node) => node.getBoundingClientRect().height > 20);
    assert(open, `${id} has no height`);
  }
});

await check('B46 B47 B48: levels are named with the criterion that failed', async () => {
  const text = await page.locator('#level table').textContent();
  assert(/formal|informal|ad-hoc/.test(text) && /stage map|cadence|effect/.test(text), text.slice(0, 300));
});

await check('B51: the win rate is called an association', async () => {
  assert((await page.locator('#wins .about').textContent()).startsWith('An association, not an effect'), 'it is not');
});

await check('small groups and those that would give them away are not shown', async () => {
  const cells = await page.locator('#level tbody tr', { hasText: 'North' }).first().locator('td').allTextContents();
  assert(cells.filter((one) => one === 'not shown').length === 5, cells.join('|'));
  const other = await page.locator('#level tbody tr', { hasText: 'East' }).first().locator('td').allTextContents();
  assert(other.includes('not shown'), 'the second group is shown');
});

await check('A10 B52: nobody is named, and no word of an answer is there', async () => {
  const text = await page.content();
  const names = await page.evaluate(() => document.body.innerText);
  for (const word of ['Canary', 'CANARYWORDS', 'west0', 'east3']) {
    assert(!text.includes(word) && !names.includes(word), `${word} is on the page`);
  }
});

await check('a plot is read by the arrow keys', async () => {
  const plot = page.locator('#mix figure');
  await plot.focus();
  await page.keyboard.press('ArrowDown');
  const first = await page.locator('#mix .readout').textContent();
  await page.keyboard.press('End');
  const last = await page.locator('#mix .readout').textContent();
  assert(first.includes('skill') && last.includes('purpose'), `${first} | ${last}`);
  assert(await page.locator('#mix .row.is-current').count() === 1, 'no row is marked');
});

await check('every control is reached by Tab, in the order of the page', async () => {
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  const seen = new Set();
  for (let i = 0; i < 120; i += 1) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate(() => {
      const node = document.activeElement;
      return `${node.tagName} ${node.className} ${node.closest('section')?.id ?? ''} ${node.textContent.slice(0, 12)}`;
    }));
  }
  for (const id of TABLES) assert([...seen].some((one) => one.startsWith('A csv') && one.includes(` ${id} `)), `the file of ${id} is not reached`);
  assert([...seen].some((one) => one.startsWith('FIGURE') && one.includes(' level ')), 'a plot is not reached');
  assert([...seen].some((one) => one.startsWith('SUMMARY')), 'a table is not reached');
  assert([...seen].some((one) => one.includes('Sign out')), 'sign out is not reached');
});

await check('a table comes as CSV', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#mix a.csv').click()]);
  assert(download.suggestedFilename() === 'mix.csv', download.suggestedFilename());
  const stream = await download.createReadStream();
  let text = '';
  for await (const part of stream) text += part;
  assert(text.startsWith('group,messages,people,share\r\n') && text.split('\r\n').length === 7, text);
});

for (const scheme of ['light', 'dark']) {
  for (const size of [360, 1440]) {
    await check(`${scheme} at ${size} px: nothing sticks out, text keeps its size and its contrast`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width: size, height: 900 });
      await page.reload();
      await ready();
      await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      const [whole, window_] = await width();
      assert(whole <= window_, `the page is ${whole} px wide in ${window_}`);
      const out = await page.evaluate(() => [...document.querySelectorAll('svg text')].filter((node) => {
        const box = node.getBoundingClientRect();
        const panel = node.closest('section').getBoundingClientRect();
        return box.width && (box.right > panel.right + 1 || box.left < panel.left - 1);
      }).map((node) => `${node.closest('section').id}: ${node.textContent}`));
      assert(out.length === 0, `sticks out: ${out.slice(0, 3).join(', ')}`);
      const small = await page.evaluate(() => [...document.querySelectorAll('svg text')].filter((node) => {
        const scale = node.getScreenCTM().a;
        return parseFloat(getComputedStyle(node).fontSize) * scale < 11;
      }).length);
      assert(small === 0, `${small} texts are under 11 px`);
      const contrast = await page.evaluate(() => {
        const read = (text) => text.match(/[\d.]+/g).slice(0, 3).map(Number);
        const light = (rgb) => rgb.map((one) => one / 255).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
          .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0);
        const ratio = (a, b) => { const [x, y] = [light(read(a)), light(read(b))].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
        const surface = getComputedStyle(document.querySelector('.panel')).backgroundColor;
        const texts = [...document.querySelectorAll('svg text:not(.in-cell)')].map((node) => ratio(getComputedStyle(node).fill, surface));
        const cells = [...document.querySelectorAll('rect.cell')].map((node) => ratio(getComputedStyle(node.nextElementSibling).fill, getComputedStyle(node).fill));
        return Math.min(...texts, ...cells);
      });
      assert(contrast >= 4.5, `contrast ${contrast.toFixed(2)}`);
      await shot(`page-${scheme}-${size}`);
    });
  }
}

await check('a manager of three people sees that so few are not shown', async () => {
  const other = await open();
  await other.goto(process.env.PAGE_LINK_SMALL);
  await other.getByRole('button', { name: 'Open my page' }).click();
  await ready(other);
  assert((await other.textContent('#banners')).includes('fewer than 5 people'), 'it does not say so');
  const shown = await other.locator('#rules tbody tr').allTextContents();
  assert(shown.every((one) => one.includes('not shown')), shown.join('|'));
  await shot('small', other);
  await other.context().close();
});

await check('sign out ends it', async () => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('write page to the bot').waitFor();
  assert((await page.context().request.get(`${base}/page/data`)).status() === 401, 'the figures are still there');
});

await check('the browser had nothing to complain about', async () => {
  assert(complaints.length === 0, complaints.join(' | ').slice(0, 400));
  assert((await page.evaluate(() => window.cspViolations)).length === 0, 'the policy was broken');
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
