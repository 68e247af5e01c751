// plot.js: three kinds of plots in plain SVG. One unit is one pixel, so text keeps its size; a plot is drawn again
// when its room changes. Each has a list of rows that the arrow keys go through; the line below reads them out.

import { el, svg } from './dom.js';

const NARROW = 480;
const ROW = 34;
const STACKED = 52;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

function clip(text, width) {
  const most = Math.max(6, Math.floor(width / 7));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

// Where labels and marks stand: side by side, or the label above its marks.
function shape(width, rows, behind) {
  const narrow = width < NARROW;
  const longest = Math.max(...rows.map((row) => row.label.length), 6);
  const label = narrow ? 0 : Math.min(width * 0.38, longest * 7.2 + 12);
  return { narrow, label, left: label, room: Math.max(60, width - label - behind), step: narrow ? STACKED : ROW };
}

function rowGroup(row, y, width, at, ...marks) {
  const text = at.narrow
    ? svg('text', { x: 0, y: y + 16 }, clip(row.label, width))
    : svg('text', { x: 0, y: y + ROW / 2 + 4 }, clip(row.label, at.label));
  text.append(svg('title', {}, row.label));
  return svg('g', { class: 'row' },
    svg('rect', { class: 'halo', x: -4, y: y + 1, width: width + 8, height: at.step - 2, rx: 6 }), text, ...marks);
}

const markY = (y, at) => (at.narrow ? y + 34 : y + ROW / 2);

// rows: {label, value, back, note}: `value` of `back`, both in the same unit.
function bars(rows, width) {
  const at = shape(width, rows, Math.max(24, ...rows.filter((row) => row.value !== null).map((row) => row.note.length * 8 + 12)));
  const most = Math.max(...rows.map((row) => row.back ?? row.value ?? 0), 0) || 1;
  const groups = rows.map((row, i) => {
    const y = i * at.step;
    const middle = markY(y, at);
    const bar = (number, kind) => svg('rect', { class: kind, x: at.left, y: middle - 8, width: Math.max(number > 0 ? 2 : 0, at.room * (number / most)), height: 16, rx: 4 });
    const marks = [svg('rect', { class: 'track', x: at.left, y: middle - 8, width: at.room, height: 16, rx: 4 })];
    if (row.back !== null && row.back !== undefined) marks.push(bar(row.back, 'bar is-back'));
    if (row.value !== null) marks.push(bar(row.value, 'bar'));
    const hidden = row.value === null;
    marks.push(svg('text', { x: hidden ? at.left + 8 : at.left + at.room + 8, y: middle + 4, class: hidden ? 'faint' : null }, row.note));
    return rowGroup(row, y, width, at, ...marks);
  });
  return { height: rows.length * at.step, nodes: groups };
}

// rows: {label, marks: [{mid, low, high}], note}; the scale goes from `from` to `to`.
function ranges(rows, width, { from, to, form }) {
  const at = shape(width, rows, 16);
  const x = (number) => at.left + at.room * ((Math.min(to, Math.max(from, number)) - from) / (to - from));
  const top = 20;
  const height = top + rows.length * at.step;
  const lines = TICKS.filter((tick) => !at.narrow || tick !== 0.25 && tick !== 0.75).flatMap((tick) => {
    const number = from + (to - from) * tick;
    return [
      svg('line', { class: from < 0 && number === 0 ? 'zero' : 'grid', x1: x(number), x2: x(number), y1: top - 4, y2: height }),
      svg('text', { class: 'faint', x: x(number), y: 11, 'text-anchor': tick === 1 ? 'end' : tick === 0 && at.left < 20 ? 'start' : 'middle' }, form(number)),
    ];
  });
  const groups = rows.map((row, i) => {
    const y = top + i * at.step;
    const several = row.marks.length > 1;
    const marks = row.marks.flatMap((mark, k) => {
      const middle = markY(y, at) + (several ? k * 11 - 5.5 : 0);
      const kind = k ? ' is-b' : '';
      const nodes = [];
      if (mark.mid === null) return nodes;
      if (mark.low !== null && mark.high !== null) nodes.push(svg('line', { class: `reach${kind}`, x1: x(mark.low), x2: x(mark.high), y1: middle, y2: middle }));
      nodes.push(svg('circle', { class: `dot${kind}`, cx: x(mark.mid), cy: middle, r: 6 }));
      return nodes;
    });
    if (row.marks.every((mark) => mark.mid === null)) marks.push(svg('text', { class: 'faint', x: at.left + 8, y: markY(y, at) + 4 }, row.note));
    return rowGroup(row, y, width, at, ...marks);
  });
  return { height, nodes: [...lines, ...groups] };
}

// rows: {label, cells: [{text, step}]}; columns: names. step 0 to 4.
function grid(rows, width, { columns }) {
  const at = shape(width, rows, 0);
  const room = width - at.left;
  const each = room / columns.length;
  const top = 22;
  const heads = columns.map((name, i) => svg('text', { class: 'faint', x: at.left + each * (i + 0.5), y: 13, 'text-anchor': 'middle' }, clip(name, each)));
  const groups = rows.map((row, i) => {
    const y = top + i * at.step;
    const marks = row.cells.flatMap((cell, k) => [
      svg('rect', { class: `cell s${cell.step}`, x: at.left + each * k + 2, y: markY(y, at) - 13, width: each - 4, height: 26, rx: 6 }),
      svg('text', { class: `in-cell${cell.step >= 3 ? ' is-high' : ''}`, x: at.left + each * (k + 0.5), y: markY(y, at) + 4, 'text-anchor': 'middle' }, clip(cell.text, each - 8)),
    ]);
    return rowGroup(row, y, width, at, ...marks);
  });
  return { height: top + rows.length * at.step, nodes: [...heads, ...groups] };
}

const KINDS = { bars, ranges, grid };

// spec: {kind, title, rows, legend, ...}. Each row has `says`, the whole of it in words.
export function plot(spec) {
  const readout = el('p', { class: 'readout', 'aria-live': 'polite' });
  const drawing = svg('svg', { 'aria-hidden': 'true', focusable: 'false' });
  const figure = el('figure', {
    class: 'plot', tabindex: '0', role: 'group', 'aria-roledescription': 'plot',
    'aria-label': `Plot: ${spec.title}. ${spec.rows.length} rows; the arrow keys go through them. The table below has the same figures.`,
  }, ...(spec.legend ? [spec.legend] : []), drawing);
  let current = -1;
  let drawn = 0;

  function show(index) {
    current = index;
    const rows = drawing.querySelectorAll('.row');
    rows.forEach((row, i) => row.classList.toggle('is-current', i === index));
    readout.textContent = index < 0 ? '' : spec.rows[index].says;
  }

  function render() {
    const width = Math.floor(figure.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    const { height, nodes } = KINDS[spec.kind](spec.rows, width, spec);
    drawing.setAttribute('viewBox', `0 0 ${width} ${height + 4}`);
    drawing.setAttribute('height', String(height + 4));
    drawing.replaceChildren(...nodes);
    drawing.querySelectorAll('.row').forEach((row, i) => {
      row.addEventListener('pointerenter', () => { readout.textContent = spec.rows[i].says; });
    });
    if (current >= 0) show(current);
  }

  figure.addEventListener('keydown', (event) => {
    const last = spec.rows.length - 1;
    const to = { ArrowDown: Math.min(last, current + 1), ArrowUp: Math.max(0, current - 1), Home: 0, End: last, Escape: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  figure.addEventListener('blur', () => show(-1));
  new ResizeObserver(render).observe(figure);
  const notes = (spec.notes ?? []).map((text) => el('li', {}, text));
  return el('div', {}, figure, readout, notes.length ? el('ul', { class: 'notes' }, ...notes) : null);
}
