// table.js: the tables as the server sends them: reading cells, showing them in words, drawing rows.

import { el } from './dom.js';

const HIDDEN = 'not shown';
const FEW = 'not enough data yet';

export function column(table, id) {
  return table.columns.findIndex((one) => one.id === id);
}

// A number or a text; null for whatever cannot be drawn.
export function value(table, row, id) {
  const cell = row[column(table, id)];
  return cell !== null && typeof cell === 'object' ? null : cell ?? null;
}

const minus = (text) => text.replace('-', '−');
const percent = (share) => `${Math.round(share * 100)} %`;
const points = (share) => minus(`${share > 0 ? '+' : ''}${Math.round(share * 100)}`);
const count = (number) => number.toLocaleString('en');

const FORMS = {
  count,
  share: percent,
  points,
  mean: (number) => number.toFixed(2),
  minutes: (number) => number.toFixed(1).replace(/\.0$/, ''),
  text: String,
};

// "2026-08-03 to 2026-08-30" -> "3 Aug to 30 Aug"; one day alike.
export function days(text) {
  return String(text).replace(/\b(\d{4})-(\d\d)-(\d\d)\b/g, (whole, year, month, day) => {
    const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
    return Number.isNaN(date.getTime()) ? whole
      : new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(date);
  });
}

export function words(table, row, id) {
  const cell = row[column(table, id)];
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'object') return cell.is === 'hidden' ? HIDDEN : FEW;
  return FORMS[table.columns[column(table, id)].type](cell);
}

function cell(table, row, id) {
  const raw = row[column(table, id)];
  const type = table.columns[column(table, id)].type;
  const nothing = raw !== null && typeof raw === 'object';
  const kind = [nothing ? 'is-nothing' : '', type === 'text' ? '' : 'is-number'].join(' ').trim();
  return el('td', { class: kind || null }, words(table, row, id));
}

export function draw(table) {
  const head = table.columns.map((one) => el('th', { scope: 'col', class: one.type === 'text' ? null : 'is-number' }, one.label));
  const body = table.rows.map((row) => el('tr', {}, ...table.columns.map((one) => cell(table, row, one.id))));
  return el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': `Table: ${table.title}` },
    el('table', {}, el('caption', { class: 'visually-hidden' }, table.title),
      el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body)));
}
