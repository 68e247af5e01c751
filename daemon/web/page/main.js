// main.js: gets the figures and puts each table on the page, with its plot and its file.

import { el } from './dom.js';
import { plot } from './plot.js';
import { draw } from './table.js';
import { view, WIDE } from './views.js';

function day(text) {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(text));
}

function tell(text) {
  document.getElementById('banners').append(el('p', { class: 'banner' }, text));
}

function leadOf(data) {
  const people = data.reps === null ? `fewer than ${data.least} people` : `${data.reps} people`;
  const teams = data.teams === 1 ? 'one team' : `${data.teams} teams`;
  return `${data.viewer ? `For ${data.viewer}: ` : ''}${people} in ${teams}, ${day(data.from)} to ${day(data.to)}`;
}

function panel(table) {
  const spec = view(table);
  const title = `title-${table.id}`;
  const parts = [
    el('div', { class: 'panel-head' },
      el('h2', { id: title }, table.title),
      el('a', { class: 'csv', href: `page/csv?table=${encodeURIComponent(table.id)}`, download: `${table.id}.csv`, 'aria-label': `${table.title} as a CSV file` }, 'CSV')),
    el('p', { class: 'about' }, table.about),
  ];
  if (!table.rows.length) parts.push(el('p', { class: 'empty' }, 'Nothing here in this time.'));
  else if (spec) parts.push(plot(spec), el('details', {}, el('summary', {}, 'As a table'), draw(table)));
  else parts.push(draw(table));
  return el('section', { class: WIDE.has(table.id) ? 'panel is-wide' : 'panel', id: table.id, 'aria-labelledby': title }, ...parts);
}

async function start() {
  const answer = await fetch('page/data', { credentials: 'same-origin' });
  if (answer.status === 401) {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const data = await answer.json();
  document.getElementById('lead').textContent = leadOf(data);
  if (data.reps === null) {
    tell(`There are fewer than ${data.least} people here. Figures of so few would be figures of a person, so most of them are not shown.`);
  }
  document.getElementById('contents').append(...data.tables.map((table) => el('a', { href: `#${table.id}` }, table.title)));
  document.getElementById('figures').append(...data.tables.map(panel));
  document.body.dataset.ready = 'true';
}

start().catch((error) => {
  document.getElementById('lead').textContent = 'The figures did not come.';
  tell(`The figures did not come: ${error.message}. Load the page again in a minute.`);
});
