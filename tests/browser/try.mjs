// try.mjs: the page at /try, used as a person would, against a running gritd.
//
// TRY_URL   base URL of the daemon, such as http://127.0.0.1:8467
// SDK       folder whose node_modules holds playwright-core (default: the current folder)
// CHROMIUM  the browser (default: /usr/bin/chromium)
// SHOTS     folder for screenshots (optional)
//
// The daemon is freshly started: its clock on a Tuesday morning, nobody asked anything yet today.
// Prints one line a check and a closing line. Exit 0 all passed, 1 any failed, 77 cannot run here.

import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const WAIT_MS = Number(process.env.TRY_WAIT_MS ?? 60000);
const CALLS_AT_MOST = 12;
const MORNINGS_AT_MOST = 10;

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
let chromium;
try {
  const require = createRequire(join(resolve(process.env.SDK ?? '.'), 'node_modules', 'x.js'));
  ({ chromium } = require('playwright-core'));
} catch {
  skip('playwright-core is not installed (SDK names the folder that holds its node_modules)');
}
if (!existsSync(chromiumPath)) skip(`${chromiumPath} is not installed`);
const base = (process.env.TRY_URL ?? '').replace(/\/(try)?\/?$/, '');
if (base === '') {
  console.log('FAILED start: TRY_URL is not set');
  process.exit(1);
}

let passed = 0;
let failed = 0;
const needed = new Set();       // names of checks that failed, for those that build on them

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

async function check(name, after, run) {
  const missing = after.find((one) => needed.has(one));
  try {
    if (missing) throw new Error(`needs ${missing}`);
    await run();
    passed += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    failed += 1;
    needed.add(name);
    console.log(`FAILED ${name}: ${String(error.message ?? error).split('\n')[0]}`);
  }
}

// Asks again at each turn of the page's own frames until `probe` gives something true.
async function until(what, probe, limit = WAIT_MS) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${limit} ms for ${what}`);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  }
}

const browser = await chromium.launch({
  timeout: 3 * WAIT_MS,
  executablePath: chromiumPath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const complaints = [];
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
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

const state = async () => (await context.request.get(`${base}/try/state`)).json();
const where = async () => (await context.request.get(`${base}/try/where`)).json();
const dealOf = async (id) => (await state()).deals.find((deal) => deal.id === id);
const stageOf = async (id) => (await dealOf(id))?.stage;
const card = (id) => page.locator(`.board [data-deal="${id}"]`);
const column = (stage) => page.locator(`[data-stage="${stage}"]`);
const chat = (id) => page.locator(`[data-person="${id}"]`);
const messages = (id) => chat(id).locator('[data-message]');
const button = (scope, id) => scope.locator(`[data-button="${id}"]`);

async function shot(name, options = {}) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), animations: 'disabled', ...options });
}

async function messageIds(id) {
  return messages(id).evaluateAll((nodes) => nodes.map((node) => node.dataset.message));
}

// The first message not in `before` that has all of these buttons.
async function newMessage(id, before, buttons = [], limit = WAIT_MS) {
  const fresh = await until(`a new message for ${id}`, async () => {
    for (const one of await messageIds(id)) {
      if (before.includes(one)) continue;
      const found = messages(id).and(page.locator(`[data-message="${one}"]`));
      const has = await Promise.all(buttons.map((name) => button(found, name).count()));
      if (has.every((count) => count > 0)) return one;
    }
    return null;
  }, limit);
  return messages(id).and(page.locator(`[data-message="${fresh}"]`));
}

// The middle of what is to be seen of a node, once it has come to rest.
async function middle(locator) {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  const view = await page.locator('#board').boundingBox();
  const top = Math.max(box.y, view.y);
  const bottom = Math.min(box.y + box.height, view.y + view.height);
  return { x: box.x + box.width / 2, y: (top + bottom) / 2, top };
}

async function dragTo(id, stage) {
  const from = await middle(card(id).locator('.card-name'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 12, from.y + 8, { steps: 4 });
  const to = await middle(column(stage));
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await column(stage).and(page.locator('.is-target')).waitFor();
  await page.mouse.up();
}

async function fillAnswer(message) {
  const pills = message.locator('.pill input');
  if (await pills.count() > 0) {
    await pills.last().check();
    return;
  }
  const field = message.locator('.answer-field');
  const tag = await field.evaluate((node) => `${node.tagName} ${node.type}`);
  if (tag.startsWith('SELECT')) await field.selectOption({ index: 1 });
  else if (tag === 'INPUT date') await field.fill((await where()).now.slice(0, 10));
  else await field.fill('Their head of finance, who wants fewer surprises.');
}

async function moveClock(jump) {
  const before = (await where()).now;
  await page.locator(`[data-jump="${jump}"]`).click();
  await until('the clock to move', async () => Date.parse((await where()).now) > Date.parse(before));
  await page.locator('.clock:not([aria-busy])').waitFor();
}

let people = [];
let deals = [];
let owner = null;               // the rep who answers
let other = null;               // the rep who snoozes
let manager = null;
const openDeals = (rep) => deals.filter((deal) => deal.owner === rep.id && !['won', 'lost'].includes(deal.stage));
let asked = null;               // her question, and the deal it is about
let askedDeal = null;

await check('page-opens', [], async () => {
  const response = await page.goto(`${base}/try`);
  assert(response.status() === 200, `GET /try answered ${response.status()}`);
  const policy = response.headers()['content-security-policy'] ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'"]) {
    assert(policy.includes(part), `content-security-policy lacks ${part}`);
  }
  await card((await state()).deals[0]?.id ?? '').waitFor();
  people = (await where()).people;
  deals = (await state()).deals;
  const reps = people.filter((person) => person.role === 'rep');
  manager = people.find((person) => person.role === 'manager');
  assert(reps.length >= 2 && manager, 'two reps and a manager are needed');
  const movable = (rep) => openDeals(rep).some((deal) => deal.stage !== 'propose');
  owner = reps.find((rep) => movable(rep) && openDeals(rep).length >= 2);
  other = reps.find((rep) => rep !== owner && movable(rep));
  assert(owner && other, 'each rep needs an open deal before Propose, one of them two deals');
  for (const { id } of people) await chat(id).and(page.locator('[data-linked="true"]')).waitFor();
});

await check('clock-shows-weekday', ['page-opens'], async () => {
  const face = await page.locator('.clock-face').innerText();
  assert(/\d\d:\d\d/.test(face) && /(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day/.test(face), `clock reads ${face}`);
});

await check('empty-chat-tells-what-to-try', ['page-opens'], async () => {
  const count = await messages(owner.id).count();
  const text = await chat(owner.id).locator('.empty').innerText();
  assert(count > 0 || /Drag|deal/.test(text), 'no hint in the empty chat');
});
await shot('start-light-1440');

await check('drag-asks-the-owner', ['page-opens'], async () => {
  const before = await messageIds(owner.id);
  askedDeal = openDeals(owner).find((one) => one.stage !== 'propose');
  await dragTo(askedDeal.id, 'propose');
  await column('propose').locator(`[data-deal="${askedDeal.id}"]`).waitFor();
  await until('the daemon to know the stage', async () => await stageOf(askedDeal.id) === 'propose');
  asked = await newMessage(owner.id, before, ['answer']);
  assert((await asked.locator('.message-text').innerText()).includes('?'), 'the message is no question');
});

await check('question-says-who-reads', ['drag-asks-the-owner'], async () => {
  const reader = await asked.locator('.message-reader').innerText();
  assert(reader.trim() !== '', 'no reader line');
});

await check('why-explains', ['drag-asks-the-owner'], async () => {
  const before = await chat(owner.id).locator('.chat-log').innerText();
  await button(asked, 'why').click();
  await until('an explanation', async () => (await chat(owner.id).locator('.chat-log').innerText()).length > before.length + 10);
});
await shot('question-light-1440');

await check('empty-answer-is-not-sent', ['drag-asks-the-owner'], async () => {
  await button(asked, 'answer').click();
  await asked.locator('.message-problem:not(:empty)').waitFor();
});

await check('answer-is-taken', ['drag-asks-the-owner'], async () => {
  await fillAnswer(asked);
  await button(asked, 'answer').click();
  await button(asked, 'answer').waitFor({ state: 'detached' });
});

await check('decision-is-listed', ['drag-asks-the-owner'], async () => {
  await page.locator('.decision[data-outcome="sent"]').first().waitFor();
  const text = await page.locator('.decision[data-outcome="sent"]').first().innerText();
  assert(people.some((person) => text.includes(person.name)), `no person in: ${text}`);
});

let snoozedDeal = null;
await check('keyboard-moves-a-deal', ['page-opens'], async () => {
  snoozedDeal = openDeals(other).find((one) => one.stage !== 'propose');
  const order = ['prospect', 'qualify', 'discover', 'propose', 'negotiate', 'won', 'lost'];
  const steps = order.indexOf('propose') - order.indexOf(snoozedDeal.stage);
  const before = await messageIds(other.id);
  await card(snoozedDeal.id).focus();
  await page.keyboard.press('Enter');
  await until('the announcement', async () => /Picked up/.test(await page.locator('#announcer').textContent()));
  for (let step = 0; step < Math.abs(steps); step += 1) await page.keyboard.press(steps > 0 ? 'ArrowRight' : 'ArrowLeft');
  await page.keyboard.press('Enter');
  await column('propose').locator(`[data-deal="${snoozedDeal.id}"]`).waitFor();
  await until('the daemon to know the stage', async () => await stageOf(snoozedDeal.id) === 'propose');
  assert(await card(snoozedDeal.id).evaluate((node) => node === document.activeElement), 'the card lost the focus');
  snoozedDeal.before = before;
});

await check('snooze-is-taken', ['keyboard-moves-a-deal'], async () => {
  const message = await newMessage(other.id, snoozedDeal.before, ['later']);
  const before = await chat(other.id).locator('.chat-log').innerText();
  await button(message, 'later').click();
  await until('the snooze', async () => await button(message, 'later').count() === 0
    || await chat(other.id).locator('.chat-log').innerText() !== before);
});

await check('move-menu-and-back', ['page-opens'], async () => {
  const deal = openDeals(other).at(-1);
  const from = await stageOf(deal.id);
  const to = from === 'negotiate' ? 'discover' : 'negotiate';
  for (const stage of [to, from]) {
    await card(deal.id).locator('[data-tool="move"]').selectOption(stage);
    await until(`the stage ${stage}`, async () => await stageOf(deal.id) === stage);
  }
});

await check('gate-is-completed', ['page-opens'], async () => {
  const gate = page.locator('.gate[aria-pressed="false"]').first();
  const name = await gate.getAttribute('data-gate');
  const id = await gate.evaluate((node) => node.closest('.card').dataset.deal);
  await gate.click();
  await until('the gate', async () => (await dealOf(id)).gates?.[name] === true);
  await card(id).locator(`[data-gate="${name}"][aria-pressed="true"]`).waitFor();
});

await check('new-deal-is-made', ['page-opens'], async () => {
  const name = `Harbour trial ${Date.now() % 10000}`;
  await page.locator('#new-deal').click();
  await page.locator('#deal-dialog input[name="name"]').fill(name);
  await page.locator('#deal-dialog input[name="account"]').fill('Harbour');
  await page.locator('#deal-dialog input[name="amount"]').fill('15000');
  await page.locator('#deal-dialog select[name="owner"]').selectOption(other.id);
  await page.locator('#deal-dialog button[type="submit"]').click();
  await column('prospect').locator('.card', { hasText: name }).waitFor();
  const made = (await state()).deals.find((deal) => deal.name === name);
  assert(made && made.owner === other.id && made.stage === 'prospect', `daemon has ${JSON.stringify(made)}`);
});

await check('say-is-echoed', ['page-opens'], async () => {
  await chat(owner.id).locator('.say-field').fill('help');
  await page.keyboard.press('Enter');
  await chat(owner.id).locator('[data-said]', { hasText: 'help' }).first().waitFor();
});

// A talk begins with a word, goes on with each answer, and ends when the person wants it to.
await check('a-talk-goes-step-by-step', ['say-is-echoed'], async () => {
  const steps = () => chat(owner.id).locator('[data-message]', { has: page.locator('[data-button="end"]') });
  const newest = async () => (await steps().last().innerText()).trim();
  await chat(owner.id).locator('.say-field').fill('gps');
  await page.keyboard.press('Enter');
  await steps().first().waitFor();
  const first = await newest();
  await fillAnswer(steps().last());
  await button(steps().last(), 'answer').click();
  await until('the next step', async () => await steps().count() && await newest() !== first);
  await shot('talk-light-1440');
  await steps().last().locator('[data-button="end"]').click();
  await until('the end of the talk', async () => await steps().count() === 0);
});

let evidence = null;
let lost = null;
await check('loss-and-calls-make-an-evidence-card', ['page-opens'], async () => {
  const before = await messageIds(manager.id);
  const mine = openDeals(owner);
  lost = mine.filter((deal) => deal.id !== askedDeal?.id).at(-1);
  const called = mine.find((deal) => deal !== lost);
  await dragTo(lost.id, 'lost');
  await column('lost').locator(`[data-deal="${lost.id}"]`).waitFor();
  await until('the loss', async () => await stageOf(lost.id) === 'lost');
  const cardCame = async () => {
    for (const one of await messageIds(manager.id)) {
      if (!before.includes(one) && await button(chat(manager.id).locator(`[data-message="${one}"]`), 'send').count()) return one;
    }
    return null;
  };
  for (let morning = 0; !evidence && morning < MORNINGS_AT_MOST; morning += 1) {
    if (morning > 0) await moveClock('morning');
    for (let call = 0; call < CALLS_AT_MOST && !evidence; call += 1) {
      const logged = page.waitForResponse((answer) => answer.url().endsWith('/v1/events'));
      await card(called.id).locator('[data-tool="call"]').click();
      assert((await logged).status() === 202, `a call was answered ${(await logged).status()}`);
      evidence = await cardCame();
    }
    evidence ??= await until('the evidence card', cardCame, 3000).catch(() => null);
  }
  assert(evidence, 'no card with a Send button reached the manager');
  evidence = chat(manager.id).locator(`[data-message="${evidence}"]`);
});
await shot('evidence-light-1440');

await check('praise-reaches-the-rep', ['loss-and-calls-make-an-evidence-card'], async () => {
  const before = await messageIds(owner.id);
  const words = 'You kept calling after a hard loss. I saw it, and it matters.';
  const edits = await button(evidence, 'edit').count() > 0;
  if (edits) {
    await button(evidence, 'edit').click();
    const prefilled = await evidence.locator('.answer-field').inputValue();
    assert(prefilled.trim() !== '', 'the text to edit is empty');
    await evidence.locator('.answer-field').fill(words);
    await button(evidence, 'edit-send').click();
  } else await button(evidence, 'send').click();
  const praised = async () => {
    const fresh = (await messageIds(owner.id)).filter((one) => !before.includes(one));
    const texts = await Promise.all(fresh.map((one) => chat(owner.id).locator(`[data-message="${one}"]`).innerText()));
    return edits ? texts.some((text) => text.includes(words)) : fresh.length > 0;
  };
  // Praise, too, may wait for the next working morning.
  await until('the praise', praised, 4000).catch(async () => {
    await moveClock('morning');
    await until('the praise', praised);
  });
  await until('the card to close', async () => await button(evidence, 'send').count() === 0);
});

// What a person does in a week: looks each morning, ends a talk and skips what is open, so that nothing stands in
// Monday's way. A skipped step of a talk would bring the next one.
async function tidy() {
  for (const { id, role } of people) {
    if (role === 'manager') continue;
    for (;;) {
      const open = chat(id).locator('[data-message] [data-button="skip"]');
      const talk = chat(id).locator('[data-message] [data-button="end"]');
      const count = await open.count();
      if (count === 0) break;
      await (await talk.count() ? talk : open).first().click();
      await until('the skip', async () => await open.count() < count);
    }
  }
}

await check('monday-brings-the-weekly-question', ['page-opens'], async () => {
  await tidy();
  for (let day = 0; day < 6 && !/(Fri|Satur|Sun)day/.test(await page.locator('.clock-face').innerText()); day += 1) {
    await moveClock('morning');
    await tidy();
  }
  const before = {};
  for (const { id } of people) before[id] = await messageIds(id);
  await moveClock('monday');
  const face = await page.locator('.clock-face').innerText();
  assert(/Monday/.test(face) && /09:0/.test(face), `clock reads ${face}`);
  const at = Date.parse((await where()).now);
  const found = await until('a weekly question', async () => {
    for (const { id, role } of people) {
      if (role === 'manager') continue;
      for (const one of await messageIds(id)) {
        if (before[id].includes(one)) continue;
        const message = chat(id).locator(`[data-message="${one}"]`);
        const sent = Date.parse(await message.locator('time').getAttribute('datetime'));
        if (await button(message, 'answer').count() && sent <= at && sent > at - 9 * 3600000) return one;
      }
    }
    return null;
  });
  assert(found, 'no question around Monday 09:00');
});

await check('a-past-time-is-refused-kindly', ['page-opens'], async () => {
  await page.locator('.clock-field').fill('2001-01-01T09:00');
  await page.locator('.clock-form button').click();
  await page.locator('.clock-problem:not(:empty)').waitFor();
  await page.locator('.clock-field').fill('');
});

await check('open-messages-survive-a-reload', ['monday-brings-the-weekly-question'], async () => {
  await page.reload();
  await page.locator('.message.is-open').first().waitFor();
});
await shot('end-light-1440');

await check('dark-scheme', ['page-opens'], async () => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const light = await page.evaluate(() => {
    const channels = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
    return channels[0] + channels[1] + channels[2];
  });
  assert(light < 200, 'the ground is not dark');
  await shot('end-dark-1440');
});

for (const scheme of ['light', 'dark']) {
  await check(`no-sideways-scroll-at-360-${scheme}`, ['page-opens'], async () => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('[data-tab]').first().waitFor();
    for (const { id } of people) {
      await page.locator(`[data-tab="${id}"]`).click();
      await chat(id).waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= 360, `the page is ${wide} px wide with the chat of ${id}`);
    }
    await page.locator(`[data-tab="${owner.id}"]`).click();
    await shot(`end-${scheme}-360`, { fullPage: true });
  });
}

await check('no-violations-no-errors', [], async () => {
  const violations = await page.evaluate(() => window.cspViolations);
  assert(violations.length === 0, `CSP: ${violations.join('; ')}`);
  assert(complaints.length === 0, `console: ${complaints.slice(0, 3).join('; ')}`);
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
