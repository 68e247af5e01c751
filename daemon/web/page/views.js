// views.js: which table is drawn how. A table without an entry here, or without rows, is only a table.

import { el } from './dom.js';
import { days, value, words } from './table.js';

const ROWS_MOST = 24;
const LEVELS = ['not enough data yet', 'ad-hoc', 'informal', 'formal', 'dynamic'];
const percent = (number) => `${Math.round(number * 100)} %`;
const points = (number) => `${number > 0 ? '+' : number < 0 ? '−' : ''}${Math.abs(Math.round(number * 100))}`;

function legend(...names) {
  return el('div', { class: 'legend', 'aria-hidden': 'true' }, ...names.map(([name, kind]) => el('span', { class: kind }, name)));
}

function says(table, row) {
  return table.columns.map((one) => [one.label, days(words(table, row, one.id))])
    .filter(([, text]) => text !== '').map(([label, text]) => `${label}: ${text}`).join('; ');
}

function interval(table, row, mid, low, high) {
  return { mid: value(table, row, mid), low: value(table, row, low), high: value(table, row, high) };
}

// One bar a row; `back` is the whole of which it is a part.
function barsOf(label, id, back) {
  return (table) => ({
    kind: 'bars',
    rows: table.rows.map((row) => ({
      label: days(label.map((one) => words(table, row, one)).join(' · ')),
      value: value(table, row, id), back: back ? value(table, row, back) : undefined,
      note: back && value(table, row, id) !== null ? `${words(table, row, id)} of ${words(table, row, back)}` : words(table, row, id),
      says: says(table, row),
    })),
  });
}

function rangesOf(label, marks, scale, names) {
  return (table) => ({
    kind: 'ranges', ...scale(table),
    legend: names ? legend(...names) : undefined,
    rows: table.rows.filter((row) => marks.some(([mid]) => words(table, row, mid) !== '')).map((row) => ({
      label: days(label.map((one) => words(table, row, one)).join(' · ')),
      marks: marks.map(([mid, low, high]) => interval(table, row, mid, low, high)),
      note: words(table, row, marks[0][0]) || words(table, row, marks.at(-1)[0]), says: says(table, row),
    })),
  });
}

const shares = () => ({ from: 0, to: 1, form: percent });

// The widest interval, in whole tens of points, alike on both sides of nothing.
function differences(table) {
  const all = table.rows.flatMap((row) => [value(table, row, 'low'), value(table, row, 'high')]).filter((one) => one !== null);
  const most = Math.ceil(Math.max(0.2, ...all.map(Math.abs)) * 10) / 10;
  return { from: -most, to: most, form: points };
}

function level(table) {
  const periods = [...new Set(table.rows.map((row) => words(table, row, 'period')))];
  const teams = [...new Set(table.rows.map((row) => words(table, row, 'team')))];
  const rowOf = (team, period) => table.rows.find((row) => words(table, row, 'team') === team && words(table, row, 'period') === period);
  const step = (row) => Math.max(0, LEVELS.indexOf(value(table, row, 'level')));
  const newest = periods.at(-1);
  return {
    kind: 'grid',
    notes: teams.map((team) => [team, rowOf(team, newest)]).filter(([, row]) => value(table, row, 'missing'))
      .map(([team, row]) => `${team}, lately ${words(table, row, 'level')}. What is missing for the next level: ${words(table, row, 'missing')}.`),
    columns: periods.map((one) => days(one).replace(' to ', '–')),
    rows: teams.map((team) => ({
      label: team,
      cells: periods.map((period) => rowOf(team, period)).map((row) => ({
        text: words(table, row, 'level'), step: step(row),
      })),
      says: `${team}: ${periods.map((period) => {
        const row = rowOf(team, period);
        const missing = words(table, row, 'missing');
        return `${days(period)} ${words(table, row, 'level')}${value(table, row, 'missing') ? ` (missing: ${missing})` : ''}`;
      }).join('; ')}`,
    })),
  };
}

function attention(table) {
  const all = table.rows.map((row) => value(table, row, 'max')).filter((one) => one !== null);
  const to = Math.max(4, Math.ceil(Math.max(0, ...all) / 4) * 4);
  return {
    kind: 'ranges', from: 0, to, form: (number) => `${Math.round(number)} min`,
    legend: legend(['half of the weeks, with the line to 95 %', ''], ['the fullest week', 'is-b']),
    rows: table.rows.map((row) => ({
      label: words(table, row, 'group'),
      marks: [{ mid: value(table, row, 'p50'), low: value(table, row, 'p50'), high: value(table, row, 'p95') },
        { mid: value(table, row, 'max'), low: null, high: null }],
      note: words(table, row, 'p50'), says: says(table, row),
    })),
  };
}

const VIEWS = {
  level,
  wins: rangesOf(['period', 'level'], [['share', 'low', 'high']], shares),
  rules: rangesOf(['rule'], [['answered', 'answered-low', 'answered-high'], ['outcome', 'outcome-low', 'outcome-high']], shares,
    [['answered', ''], ['what it hopes for came', 'is-b']]),
  experiments: (table) => rangesOf(['rule', 'arm'], [['difference', 'low', 'high']], differences)(table),
  mix: barsOf(['group'], 'share'),
  thirds: barsOf(['group'], 'share'),
  praise: (table) => ({ ...barsOf(['group'], 'praised', 'people')(table), legend: legend(['praised', ''], ['everybody in the group', 'is-back']) }),
  'praise-times': barsOf(['times'], 'people'),
  attention,
  upcoming: barsOf(['day', 'rule'], 'people'),
};

export const WIDE = new Set(['level', 'wins', 'rules', 'experiments', 'upcoming', 'health', 'files']);

// null: nothing to draw.
export function view(table) {
  if (!VIEWS[table.id] || !table.rows.length) return null;
  const spec = VIEWS[table.id](table);
  if (!spec.rows.length) return null;
  spec.rows = spec.rows.slice(0, ROWS_MOST);
  return { title: table.title, ...spec };
}
