// deals.js: what people do to deals, handed to the daemon as events.

import { postEvent } from './api.js';
import {
  activityLogged, dealClosed, dealCreated, dealReopened, gateCompleted, isClosed, stageChanged,
} from './events.js';
import { humanize } from './dom.js';
import { hideBanner, showRefusal, toast } from './notices.js';
import { dealById, expectStage, forgetMove, shownStage, stageName, store } from './store.js';

let queue = Promise.resolve();

// One event after the other, so that they arrive in the order in which they happened.
function inTurn(work) {
  const done = queue.then(work);
  queue = done.catch(() => {});
  return done;
}

async function hand(what, work) {
  try {
    await inTurn(work);
    hideBanner('refused');
    return true;
  } catch (error) {
    showRefusal(what, error);
    return false;
  }
}

const counts = new Map();
const LOGGED = {
  call: ['Call', 'logged on'],
  email: ['E-mail', 'logged on'],
  reply: ['Customer reply', 'logged on'],
};

export function createDealActions(refresh) {
  async function reopen(deal, to) {
    await postEvent(dealReopened(store.now, deal, to));
    await refresh();
    const current = dealById(deal.id);
    if (current && current.stage !== to) {
      await postEvent(stageChanged(store.now, current, current.stage, to));
    }
  }

  async function move(id, to) {
    const deal = dealById(id);
    const from = deal && shownStage(deal);
    if (!deal || from === to) return;
    expectStage(id, to);
    toast(`${deal.name} moved to ${stageName(to)}.`);
    const moved = await hand(`${deal.name} could not be moved to ${stageName(to)}.`, async () => {
      if (isClosed(to)) await postEvent(dealClosed(store.now, deal, from, to));
      else if (isClosed(from)) await reopen(deal, to);
      else await postEvent(stageChanged(store.now, deal, from, to));
    });
    if (!moved) forgetMove(id);
    await refresh();
  }

  async function log(id, what) {
    const deal = dealById(id);
    if (!deal) return;
    const [noun, rest] = LOGGED[what];
    if (!await hand(`${noun} not logged.`, () => postEvent(activityLogged(store.now, deal, what)))) return;
    const key = `${what}/${id}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const times = counts.get(key);
    toast(`${noun} ${times > 1 ? `${times} ` : ''}${rest} ${deal.name}.`);
    await refresh();
  }

  async function gate(id, name, side) {
    const deal = dealById(id);
    if (!deal) return;
    if (await hand('The gate stays open.', () => postEvent(gateCompleted(store.now, deal, name, side)))) {
      toast(`${deal.name}: ${humanize(name).toLowerCase()}, done.`);
      await refresh();
    }
  }

  async function create(fields) {
    const made = await hand('The deal was not made.', () => postEvent(dealCreated(store.now, fields)));
    if (made) {
      toast(`${fields.name} added to ${stageName('prospect')}.`);
      await refresh();
    }
    return made;
  }

  return { move, log, gate, create };
}
