// chat.js: one person's chat: the log and the line to write in.

import { avatar, el, firstName, icon, setAttr, setText } from './dom.js';
import { isClosed } from './events.js';
import { createMessage, createSaying } from './message.js';
import { stageName, store } from './store.js';
import { dayName, hourMinute, placeOf } from './time.js';

const NEAR_END_PX = 80;

// `send(frame)` returns whether the frame could be handed over; `arrived()` is told of new messages of the coach.
export function createChat(person, index, { send, arrived }) {
  const entries = new Map();      // "message/ID" or "said/ID" -> {node, update, showTime, at, settle}
  const sub = el('p', { class: 'chat-sub' });
  const list = el('ol', { class: 'chat-list' });
  const empty = el('div', { class: 'empty' });
  const log = el('div', { class: 'chat-log', role: 'log', tabindex: 0, 'aria-label': `Messages of ${person.name}` }, empty, list);
  const input = el('input', {
    class: 'say-field', name: 'say', maxlength: 4000, autocomplete: 'off', enterkeyhint: 'send',
    placeholder: 'Write, or try: help', 'aria-label': `Write to the coach as ${person.name}`,
  });
  const submit = el('button', { type: 'submit', class: 'button say-send', 'aria-label': `Send as ${person.name}` }, icon('send'));
  const form = el('form', { class: 'say' }, input, submit);
  const node = el('section', { class: 'panel chat', id: `chat-${index}`, 'aria-label': `Chat of ${person.name}`, data: { person: person.id } },
    el('div', { class: 'chat-head' }, avatar(person, index), el('div', {}, el('h2', {}, person.name), sub)), log, form);

  let now = 0;
  let linked = false;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '' || !linked) return;
    if (send({ type: 'say', text })) input.value = '';
  });

  // The log stays at its end, whatever grows or shrinks, until someone scrolls up to read.
  let atEnd = true;
  const toEnd = () => { if (atEnd) log.scrollTop = log.scrollHeight; };
  log.addEventListener('scroll', () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
  }, { passive: true });
  const watch = new ResizeObserver(toEnd);
  watch.observe(log);
  watch.observe(list);

  const isWriting = () => list.contains(document.activeElement) && document.activeElement.matches('textarea, input');

  // By time; of two at the same time the earlier to arrive stands first.
  function insert(entry) {
    const item = el('li', {}, entry.node);
    let before = null;
    for (let other = list.lastElementChild; other; other = other.previousElementSibling) {
      if (Number(other.dataset.at) <= entry.at()) break;
      before = other;
    }
    item.dataset.at = String(entry.at());
    list.insertBefore(item, before);
  }

  function take(frame) {
    const own = frame.type === 'said';
    const key = `${own ? 'said' : 'message'}/${frame.id}`;
    for (const entry of entries.values()) entry.settle();
    const known = entries.get(key);
    const entry = known ?? (own ? createSaying(frame.id, person.zone)
      : createMessage(frame.id, person.zone, (button, value) => send({
        type: 'click', message: frame.id, button, ...(value === undefined ? {} : { value }),
      })));
    entry.update(frame);
    entry.showTime(now);
    if (!known) {
      entries.set(key, entry);
      insert(entry);
      empty.hidden = true;
      if (!own) arrived(frame);
    }
    if (!known && !isWriting()) atEnd = true;
    toEnd();
  }

  function describeEmpty() {
    if (entries.size > 0) return;
    const name = firstName(person);
    if (person.role === 'manager') {
      setLines(`Nothing for ${name} yet.`,
        `Drag a deal to ${stageName('lost')}, then log a few calls for the same rep. A card with the evidence comes here, ready to send in your own words.`);
      return;
    }
    const deal = store.deals.find((one) => one.owner === person.id && !isClosed(one.stage) && one.stage !== 'propose');
    setLines(`Nothing for ${name} yet.`, deal
      ? `Drag ${deal.name} to ${stageName('propose')}, and one good question arrives here.`
      : `Make a new deal for ${name} and drag it to ${stageName('propose')}: one good question arrives here.`);
  }

  function setLines(title, text) {
    if (empty.dataset.text === text) return;
    empty.dataset.text = text;
    empty.replaceChildren(el('p', {}, el('strong', {}, title)), el('p', {}, text));
  }

  function render() {
    now = store.now;
    const role = person.role === 'manager' ? 'Manager' : 'Rep';
    const zone = person.zone ?? 'UTC';
    setText(sub, linked && now ? `${role} · ${placeOf(zone)} ${dayName(now, zone)} ${hourMinute(now, zone)}` : `${role} · connecting…`);
    for (const entry of entries.values()) entry.showTime(now);
    describeEmpty();
  }

  function setLinked(on) {
    linked = on;
    setAttr(node, 'data-linked', String(on));
    setAttr(submit, 'aria-disabled', on ? null : 'true');
    if (!on) for (const entry of entries.values()) entry.settle();
    render();
  }

  setLinked(false);
  return { node, take, render, setLinked };
}
