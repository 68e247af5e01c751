// card.js: one deal card. Made once per deal and then updated in place, so that focus stays.

import { el, firstName, humanize, icon, money, setAttr, setText } from './dom.js';
import { ALL_STAGES, isClosed } from './events.js';
import { personById, personIndex, shownStage, stageGates, stageName } from './store.js';

const TOOLS = [
  { what: 'call', label: 'Log call' },
  { what: 'email', label: 'Log e-mail' },
  { what: 'reply', label: 'Customer replied' },
];

export function createCard(id, actions) {
  const name = el('h4', { class: 'card-name' });
  const owner = el('span', { class: 'card-owner' });
  const account = el('p', { class: 'card-account' });
  const amount = el('span', { class: 'card-amount' });
  const gates = el('ul', { class: 'gates' });
  const tools = TOOLS.map(({ what, label }) => el('button', {
    type: 'button', class: 'tool', title: label, data: { tool: what },
    on: { click: () => actions.log(id, what) },
  }, icon(what)));
  const move = el('select', {
    class: 'move', data: { tool: 'move' },
    on: { change: () => { const to = move.value; move.value = ''; if (to) actions.move(id, to); } },
  });
  const node = el('div', {
    class: 'card', role: 'group', tabindex: 0, 'aria-describedby': 'board-keys', data: { deal: id },
  },
  el('div', { class: 'card-line' }, name, owner),
  el('div', { class: 'card-line' }, account, amount),
  gates,
  el('div', { class: 'tools' }, ...tools, move));

  const gateButtons = new Map();
  let menuFor = '';

  function updateMenu(stage, title) {
    setAttr(move, 'aria-label', `Move ${title} to`);
    const key = stage + ALL_STAGES.map(stageName).join();
    if (key === menuFor) return;
    menuFor = key;
    move.replaceChildren(el('option', { value: '' }, 'Move'),
      ...ALL_STAGES.filter((one) => one !== stage).map((one) => el('option', { value: one }, `to ${stageName(one)}`)));
    move.value = '';
  }

  function updateGates(deal, stage) {
    const wanted = isClosed(stage) ? [] : stageGates(stage).flatMap((gate) => [
      { side: 'seller', gate: gate.seller }, { side: 'customer', gate: gate.customer },
    ]).filter(({ gate }) => gate);
    const keys = new Set(wanted.map(({ side, gate }) => `${side}/${gate}`));
    for (const [key, button] of gateButtons) {
      if (keys.has(key)) continue;
      button.closest('li').remove();
      gateButtons.delete(key);
    }
    for (const { side, gate } of wanted) {
      const key = `${side}/${gate}`;
      if (!gateButtons.has(key)) gateButtons.set(key, addGate(side, gate));
      const button = gateButtons.get(key);
      const done = Boolean(deal.gates?.[gate]);
      setAttr(button, 'aria-pressed', String(done));
      setAttr(button, 'aria-disabled', done ? 'true' : null);
      setAttr(button, 'title', `${side === 'seller' ? 'Seller' : 'Customer'} gate: ${humanize(gate)}`
        + (done ? ' (done)' : '. Press when it is done.'));
    }
    gates.hidden = wanted.length === 0;
  }

  function addGate(side, gate) {
    const button = el('button', {
      type: 'button', class: 'gate', data: { gate, side },
      on: { click: () => { if (button.getAttribute('aria-pressed') !== 'true') actions.gate(id, gate, side); } },
    },
    el('span', { class: 'gate-box' }, icon('check')),
    el('span', { class: 'visually-hidden' }, side === 'seller' ? 'Seller gate: ' : 'Customer gate: '),
    el('span', { class: 'gate-side', 'aria-hidden': 'true' }, side === 'seller' ? 'Us' : 'Them'),
    el('span', { class: 'gate-name' }, humanize(gate)));
    gates.append(el('li', {}, button));
    return button;
  }

  function update(deal) {
    const stage = shownStage(deal);
    const person = personById(deal.owner);
    const title = deal.name || deal.account || deal.id;
    const price = money(deal.amount, deal.currency);
    setText(name, title);
    setText(owner, person ? firstName(person) : deal.owner);
    owner.className = `card-owner tone-${personIndex(deal.owner) % 6}`;
    setText(account, deal.account === title ? '' : deal.account);
    setText(amount, price);
    setAttr(node, 'aria-label', [title, deal.account, price, `owner ${person?.name ?? deal.owner}`,
      `in ${stageName(stage)}`].filter(Boolean).join(', '));
    node.classList.toggle('is-moving', stage !== deal.stage);
    tools.forEach((button, index) => setAttr(button, 'aria-label', `${TOOLS[index].label}, ${title}`));
    updateMenu(stage, title);
    updateGates(deal, stage);
  }

  return { node, update };
}
