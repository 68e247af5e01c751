// store.js: what the page knows about the daemon, and who wants to hear of changes.

export const store = {
  now: 0,
  people: [],
  stages: [],
  deals: [],
  activity: [],
  loaded: false,
};

const moves = new Map();        // deal id -> {stage, until}: shown before the daemon has said so
const listeners = new Set();

export function onChange(listener) {
  listeners.add(listener);
}

export function notify() {
  for (const listener of listeners) listener(store);
}

export function setNow(text) {
  const at = Date.parse(text);
  if (Number.isNaN(at) || at === store.now) return;
  store.now = at;
  notify();
}

export function takeWhere(where) {
  store.people = where.people ?? [];
  store.stages = where.stages ?? [];
  const at = Date.parse(where.now);
  if (!Number.isNaN(at)) store.now = at;
  notify();
}

export function takeState(state) {
  store.deals = state.deals ?? [];
  store.activity = state.activity ?? [];
  store.loaded = true;
  const at = Date.parse(state.now);
  if (!Number.isNaN(at)) store.now = Math.max(store.now, at);
  for (const [id, move] of moves) {
    const deal = store.deals.find((one) => one.id === id);
    if (!deal || deal.stage === move.stage || performance.now() > move.until) moves.delete(id);
  }
  notify();
}

export function expectStage(id, stage) {
  moves.set(id, { stage, until: performance.now() + 4000 });
  notify();
}

export function forgetMove(id) {
  if (moves.delete(id)) notify();
}

export function shownStage(deal) {
  return moves.get(deal.id)?.stage ?? deal.stage;
}

export function dealById(id) {
  return store.deals.find((deal) => deal.id === id);
}

export function personById(id) {
  return store.people.find((person) => person.id === id);
}

export function personIndex(id) {
  return Math.max(0, store.people.findIndex((person) => person.id === id));
}

export function reps() {
  return store.people.filter((person) => person.role !== 'manager');
}

// The clock is shown where the first rep works.
export function homeZone() {
  return reps()[0]?.zone ?? store.people[0]?.zone ?? 'UTC';
}

const NAMES = {
  prospect: 'Prospect', qualify: 'Qualify', discover: 'Discover', propose: 'Propose',
  negotiate: 'Negotiate', won: 'Won', lost: 'Lost',
};

export function stageName(id) {
  return store.stages.find((stage) => stage.id === id)?.name ?? NAMES[id] ?? id;
}

export function stageGates(id) {
  return store.stages.find((stage) => stage.id === id)?.gates ?? [];
}
