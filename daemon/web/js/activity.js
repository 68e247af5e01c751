// activity.js: the daemon's decisions in plain words, newest first.

import { el, humanize } from './dom.js';
import { dealById, homeZone, personById, personIndex } from './store.js';
import { longDate, shortTime } from './time.js';

const MEANING = {
  sent: 'The message went out.',
  held: 'It waits for a better time, such as working hours.',
  expired: 'It waited until the moment had passed, and was dropped.',
  suppressed: 'A limit, a preference or another rule kept it quiet.',
  cancelled: 'Something happened that made it needless.',
  missed: 'It fell due while gritd was not running.',
};

function rowKey(row) {
  return JSON.stringify([row.at, row.rep, row.rule, row.outcome, row.deal, row.why]);
}

function makeRow(row, now, fresh) {
  const at = Date.parse(row.at);
  const zone = homeZone();
  const person = personById(row.rep);
  const deal = row.deal ? dealById(row.deal)?.name ?? row.deal : '';
  const known = MEANING[row.outcome] ? row.outcome : 'other';
  return el('li', { class: fresh ? 'decision is-fresh' : 'decision', data: { outcome: row.outcome, rule: row.rule } },
    el('div', { class: 'decision-line' },
      el('span', { class: `dot tone-${personIndex(row.rep) % 6}`, 'aria-hidden': 'true' }),
      el('strong', {}, person?.name ?? row.rep ?? 'Team'),
      el('span', { class: `badge is-${known}`, title: MEANING[row.outcome] }, row.outcome),
      el('time', { datetime: row.at, title: longDate(at, zone) }, shortTime(at, zone, now))),
    el('p', { class: 'decision-rule' }, humanize(row.rule), deal ? ` · ${deal}` : ''),
    row.why ? el('p', { class: 'decision-why' }, row.why) : null);
}

export function createActivity(root) {
  const empty = el('div', { class: 'empty' },
    el('p', {}, el('strong', {}, 'No decisions yet.')),
    el('p', {}, 'Each time a rule speaks or keeps quiet, you read here who it was about and why.'));
  const list = el('ol', { class: 'decisions' });
  const words = el('details', { class: 'words' },
    el('summary', {}, 'What the words mean'),
    el('dl', {}, ...Object.entries(MEANING).flatMap(([word, meaning]) => [
      el('dt', {}, el('span', { class: `badge is-${word}` }, word)), el('dd', {}, meaning),
    ])));
  root.append(empty, list, words);

  let shown = '';
  let seen = null;

  function render(store) {
    const day = Math.floor(store.now / 86400000);
    const state = JSON.stringify([store.activity, store.people, store.deals.map((deal) => [deal.id, deal.name]), day]);
    if (state === shown || !store.loaded) return;
    shown = state;
    const keys = store.activity.map(rowKey);
    list.replaceChildren(...store.activity.map((row, index) => makeRow(row, store.now, seen && !seen.has(keys[index]))));
    seen = new Set(keys);
    empty.hidden = store.activity.length > 0;
    words.hidden = store.activity.length === 0;
  }

  return { render };
}
