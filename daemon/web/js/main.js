// main.js: puts the page together.

import { createActivity } from './activity.js';
import { fetchState } from './api.js';
import { createBoard } from './board.js';
import { createChats } from './chats.js';
import { createClock } from './clock.js';
import { createDealActions } from './deals.js';
import { createLink } from './link.js';
import { createDealDialog } from './newdeal.js';
import { hideBanner, showBanner } from './notices.js';
import { notify, onChange, setNow, store, takeState, takeWhere } from './store.js';

const SETTLE_MS = 40;           // several changes in a row are fetched once
const LOOK_AGAIN_MS = 30000;    // in case a word of change was missed
const CALM_MS = 1500;           // trouble shorter than this is not worth a banner

const at = (id) => document.getElementById(id);
let chats = null;
let waiting = null;
let again = false;

// Fetches the state; calls while one is under way share a single later one.
async function refresh() {
  if (waiting) {
    again = true;
    return waiting;
  }
  waiting = (async () => {
    do {
      again = false;
      try {
        takeState(await fetchState());
      } catch {
        again = false;          // the link notices a daemon that is gone, and asks again
      }
    } while (again);
    waiting = null;
  })();
  return waiting;
}

let changeTimer = 0;
function changed() {
  clearTimeout(changeTimer);
  changeTimer = setTimeout(refresh, SETTLE_MS);
}

let calm = 0;
function trouble(what) {
  clearTimeout(calm);
  if (what === null) {
    hideBanner('link');
    hideBanner('unanswered');
    return;
  }
  calm = setTimeout(() => {
    const text = what === 'gone' || what === 'lost'
      ? 'gritd does not answer. If it was stopped, start it again with ./run; this page connects by itself.'
      : `gritd cannot be reached: ${what} This page keeps trying.`;
    showBanner('link', text, [{ label: 'Try now', run: () => link.tryNow() }]);
  }, CALM_MS);
}

function orderPeople(people) {
  const isManager = (person) => person.role === 'manager';
  return [...people.filter((person) => !isManager(person)), ...people.filter(isManager)];
}

function found(where) {
  const people = orderPeople(where.people ?? []);
  const before = store.people.map((person) => person.id).join();
  const restarted = store.now && Date.parse(where.now) < store.now - 60000;
  if (chats && (restarted || before !== people.map((person) => person.id).join())) {
    location.reload();          // another daemon, another story
    return;
  }
  if (!chats) {
    chats = createChats(at('chats'), people, (id, frame) => link.send(id, frame));
    onChange(chats.render);
    setTimeout(() => chats.wake(), CALM_MS);
  }
  takeWhere({ ...where, people });
  refresh();
}

function frame(id, said) {
  switch (said.type) {
    case 'message':
    case 'update':
    case 'said':
      chats.take(id, said);
      break;
    case 'clock':
      setNow(said.at);
      break;
    case 'changed':
      changed();
      break;
    default:
      break;                    // a later daemon may say more
  }
}

const link = createLink({ found, frame, trouble, linked: (id, on) => chats?.setLinked(id, on) });
const actions = createDealActions(refresh);
const clock = createClock(at('clock'), refresh);
const board = createBoard(at('board'), actions);
const activity = createActivity(at('activity'));
createDealDialog(at('deal-dialog'), at('new-deal'), actions.create);

onChange(clock.render);
onChange(board.render);
onChange(activity.render);
notify();
link.tryNow();

setInterval(() => { if (!document.hidden && store.loaded) refresh(); }, LOOK_AGAIN_MS);
window.addEventListener('online', () => link.tryNow());
document.addEventListener('visibilitychange', () => { if (!document.hidden && chats) link.tryNow(); });
