// board.js: the columns, which card stands where, and moving cards by keyboard.

import { calmMotion, el, money, setText } from './dom.js';
import { createCard } from './card.js';
import { makeDraggable } from './drag.js';
import { ALL_STAGES } from './events.js';
import { announce } from './notices.js';
import { dealById, shownStage, stageName } from './store.js';

export function createBoard(root, actions) {
  const columns = new Map();
  const cards = new Map();
  let held = null;                // {id, target} while a card is carried by keyboard

  for (const stage of ALL_STAGES) {
    const title = el('h3', { class: 'column-name', id: `column-${stage}` });
    const count = el('span', { class: 'column-count' });
    const sum = el('span', { class: 'column-sum' });
    const list = el('ul', { class: 'cards' });
    const empty = el('p', { class: 'column-empty' });
    const node = el('section', { class: 'column', 'aria-labelledby': `column-${stage}`, data: { stage } },
      el('div', { class: 'column-head' }, title, count, sum), list, empty);
    columns.set(stage, { node, title, count, sum, list, empty });
    root.append(node);
  }

  function target(stage) {
    for (const [one, column] of columns) column.node.classList.toggle('is-target', one === stage);
    if (!stage) return;
    columns.get(stage).node.scrollIntoView({
      block: 'nearest', inline: 'nearest', behavior: calmMotion() ? 'auto' : 'smooth',
    });
  }

  function pickUp(id) {
    const deal = dealById(id);
    held = { id, target: shownStage(deal) };
    cards.get(id).node.classList.add('is-held');
    target(held.target);
    announce(`Picked up ${deal.name}, in ${stageName(held.target)}. `
      + 'Left and right choose a column, Enter drops, Escape puts it back.');
  }

  function letGo(drop) {
    if (!held) return;
    const { id, target: to } = held;
    held = null;
    target(null);
    cards.get(id)?.node.classList.remove('is-held');
    const deal = dealById(id);
    if (!deal) return;
    if (drop && to !== shownStage(deal)) actions.move(id, to);
    else announce(`${deal.name} stays in ${stageName(shownStage(deal))}.`);
  }

  function step(by) {
    const at = ALL_STAGES.indexOf(held.target) + by;
    if (at < 0 || at >= ALL_STAGES.length) return;
    held.target = ALL_STAGES[at];
    target(held.target);
    announce(`${stageName(held.target)}, column ${at + 1} of ${ALL_STAGES.length}.`);
  }

  function focusNeighbour(node, key) {
    const column = node.closest('.column');
    const here = [...column.querySelectorAll('.card')];
    const row = here.indexOf(node);
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      here[row + (key === 'ArrowUp' ? -1 : 1)]?.focus();
      return;
    }
    const side = key === 'ArrowLeft' ? 'previousElementSibling' : 'nextElementSibling';
    for (let next = column[side]; next; next = next[side]) {
      const there = next.querySelectorAll('.card');
      if (there.length === 0) continue;
      there[Math.min(row, there.length - 1)].focus();
      return;
    }
  }

  root.addEventListener('keydown', (event) => {
    const node = event.target;
    if (!node.classList.contains('card') || event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    if (key === 'Enter' || key === ' ') {
      if (held) letGo(true);
      else pickUp(node.dataset.deal);
    } else if (key === 'Escape' && held) letGo(false);
    else if (held && key === 'ArrowLeft') step(-1);
    else if (held && key === 'ArrowRight') step(1);
    else if (!held && key.startsWith('Arrow')) focusNeighbour(node, key);
    else if (!(held && key.startsWith('Arrow'))) return;
    event.preventDefault();
  });
  root.addEventListener('focusout', (event) => {
    if (held && event.target.dataset.deal === held.id) letGo(false);
  });

  makeDraggable(root, {
    over: (stage) => { if (held) letGo(false); target(stage); },
    drop: (id, stage) => {
      target(null);
      const deal = dealById(id);
      if (deal && stage && stage !== shownStage(deal)) actions.move(id, stage);
    },
  });

  function place(stage, deals) {
    const { list } = columns.get(stage);
    deals.forEach((deal, index) => {
      if (!cards.has(deal.id)) cards.set(deal.id, createCard(deal.id, actions));
      const card = cards.get(deal.id);
      card.update(deal);
      const item = card.node.parentElement ?? el('li', {}, card.node);
      if (list.children[index] === item) return;
      const focused = item.contains(document.activeElement) ? document.activeElement : null;
      const arrives = item.parentElement && item.parentElement !== list;
      list.insertBefore(item, list.children[index] ?? null);
      focused?.focus({ preventScroll: true });
      if (arrives) item.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  }

  function render(store) {
    const known = new Set(store.deals.map((deal) => deal.id));
    for (const [id, card] of cards) {
      if (known.has(id)) continue;
      card.node.closest('li')?.remove();
      cards.delete(id);
    }
    for (const [stage, column] of columns) {
      const deals = store.deals.filter((deal) => shownStage(deal) === stage);
      place(stage, deals);
      setText(column.title, stageName(stage));
      setText(column.count, String(deals.length));
      const total = deals.reduce((sum, deal) => sum + (Number(deal.amount) || 0), 0);
      const currencies = new Set(deals.map((deal) => deal.currency));
      setText(column.sum, total > 0 && currencies.size === 1 ? money(total, deals[0].currency) : '');
      column.empty.hidden = deals.length > 0;
      const first = stage === 'prospect' && store.loaded && store.deals.length === 0;
      setText(column.empty, first ? 'No deals yet. Press New deal to make the first.' : 'Drop a deal here');
    }
  }

  return { render };
}
