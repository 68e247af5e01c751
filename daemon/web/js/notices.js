// notices.js: banners for trouble, toasts for small news, and words for screen readers only.

import { el, setText } from './dom.js';

const banners = new Map();

// One banner per key. `actions` is a list of {label, run}.
export function showBanner(key, text, actions = [], { urgent = false } = {}) {
  hideBanner(key);
  const node = el('div', { class: 'banner', role: urgent ? 'alert' : null, data: { banner: key } },
    el('p', {}, text),
    ...actions.map(({ label, run }) => el('button', { type: 'button', class: 'button', on: { click: run } }, label)));
  banners.set(key, node);
  document.getElementById('banners').append(node);
}

export function hideBanner(key) {
  banners.get(key)?.remove();
  banners.delete(key);
}

// Without an answer nobody knows whether it happened; with a refusal it did not.
export function showRefusal(what, error) {
  const key = error.offline ? 'unanswered' : 'refused';
  const hint = error.offline ? 'Look again when it is back.' : 'Nothing has changed; you can try again.';
  showBanner(key, `${what} ${sentence(error.message)} ${hint}`,
    [{ label: 'Dismiss', run: () => hideBanner(key) }], { urgent: true });
}

function sentence(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

export function announce(text) {
  const region = document.getElementById('announcer');
  setText(region, '');
  requestAnimationFrame(() => setText(region, text));
}

let toastTimer = 0;

export function toast(text, action = null) {
  const region = document.getElementById('toasts');
  clearTimeout(toastTimer);
  const clear = () => region.replaceChildren();
  const box = el('div', { class: 'toast' }, el('span', {}, text));
  if (action) {
    const run = () => { clear(); action.run(); };
    box.append(el('button', { type: 'button', class: 'toast-action', on: { click: run } }, action.label));
  }
  region.replaceChildren(box);
  const expire = () => {
    if (box.matches(':hover, :focus-within')) toastTimer = setTimeout(expire, 1500);
    else if (box.isConnected) clear();
  };
  toastTimer = setTimeout(expire, action ? 8000 : 3500);
}
