// events.js: what happened on the board, as CloudEvents 1.0.

import { toRfc3339 } from './time.js';

const OPEN_STAGES = ['prospect', 'qualify', 'discover', 'propose', 'negotiate'];
export const ALL_STAGES = [...OPEN_STAGES, 'won', 'lost'];

let lastTime = 0;

// The daemon's clock may stand still between two acts; a millisecond more each time keeps their order.
function stamp(now) {
  lastTime = Math.max(now, lastTime + 1);
  return toRfc3339(lastTime);
}

function envelope(now, type, subject, repid, data) {
  return {
    specversion: '1.0',
    id: crypto.randomUUID(),
    source: '/crm/generic/try',
    type: `gritd.${type}`,
    time: stamp(now),
    subject,
    datacontenttype: 'application/json',
    ...(repid ? { repid } : {}),
    data,
  };
}

function described(deal, stage) {
  const said = {};
  for (const key of ['id', 'name', 'owner', 'account', 'contact', 'amount', 'currency']) {
    if (deal[key] !== undefined && deal[key] !== null && deal[key] !== '') said[key] = deal[key];
  }
  if (stage) said.stage = { canonical: stage };
  return said;
}

export function isClosed(stage) {
  return stage === 'won' || stage === 'lost';
}

export function stageChanged(now, deal, from, to) {
  const step = ALL_STAGES.indexOf(to) - ALL_STAGES.indexOf(from);
  const known = ALL_STAGES.includes(from);
  return envelope(now, 'deal.stage_changed', `deal/${deal.id}`, deal.owner, {
    deal: described(deal),
    from: known ? { canonical: from } : null,
    to: { canonical: to },
    direction: known ? (step > 0 ? 'forward' : 'back') : 'unknown',
  });
}

export function dealClosed(now, deal, from, to) {
  return envelope(now, `deal.${to}`, `deal/${deal.id}`, deal.owner, {
    deal: described(deal),
    from: ALL_STAGES.includes(from) ? { canonical: from } : null,
  });
}

export function dealReopened(now, deal, to) {
  return envelope(now, 'deal.reopened', `deal/${deal.id}`, deal.owner, { deal: described(deal, to) });
}

export function dealCreated(now, { name, account, amount, currency, owner }) {
  const id = `try-${crypto.randomUUID().slice(0, 8)}`;
  return envelope(now, 'deal.created', `deal/${id}`, owner, {
    deal: described({ id, name, account, amount, currency, owner }, 'prospect'),
  });
}

const ACTIVITIES = {
  call: { kind: 'call', direction: 'outbound', outcome: 'connected' },
  email: { kind: 'email', direction: 'outbound', outcome: 'sent' },
  reply: { kind: 'email', direction: 'inbound' },
};

export function activityLogged(now, deal, what) {
  return envelope(now, 'activity.logged', `activity/${crypto.randomUUID()}`, deal.owner, {
    ...ACTIVITIES[what],
    deal: { id: deal.id },
  });
}

export function gateCompleted(now, deal, gate, side) {
  return envelope(now, 'gate.completed', `deal/${deal.id}`, deal.owner, {
    gate, side, stage: deal.stage, deal: { id: deal.id },
  });
}
