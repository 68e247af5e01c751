// message.js: one message of the coach, with its field and buttons.

import { createField, textField } from './answer.js';
import { el, icon, setText } from './dom.js';
import { longDate, shortTime } from './time.js';

const READERS = {
  rep: 'Only you read your answer.',
  manager: 'You and your manager read your answer.',
  team: 'Your team reads your answer.',
};

const BUSY_MS = 4000;           // then the press may be repeated, should no answer come

// `click(button, value)` hands a press to the daemon and returns whether it could.
export function createMessage(id, zone, click) {
  const text = el('p', { class: 'message-text' });
  const reader = el('span');
  const readerLine = el('p', { class: 'message-reader' }, icon('lock'), reader);
  const time = el('time');
  const body = el('div', { class: 'message-body' });
  const problem = el('p', { class: 'message-problem', role: 'alert' });
  const node = el('article', { class: 'message', tabindex: -1, data: { message: id } },
    text, readerLine, body, problem, el('p', { class: 'message-time' }, time));

  let message = { id };
  let field = null;
  let editing = false;
  let shape = '';

  const buttonIds = () => (message.buttons ?? []).map((button) => button.id);
  // A card that can be edited keeps its field back until then.
  const isCard = () => buttonIds().includes('edit') && message.input?.kind === 'text';

  function press(button, value) {
    setText(problem, '');
    if (node.classList.contains('is-busy')) return;
    if (click(button, value)) {
      node.classList.add('is-busy');
      setTimeout(() => node.classList.remove('is-busy'), BUSY_MS);
    } else setText(problem, 'Not connected just now. Try again in a moment.');
  }

  function submit(button) {
    const value = field.read();
    if (value === '') {
      setText(problem, field.missing);
      field.focus();
    } else press(button, value);
  }

  function setEditing(on) {
    editing = on;
    setText(problem, '');
    build('');
    if (on) field.focus();
    else body.querySelector('[data-button="edit"]')?.focus();
  }

  function button(one, main, run) {
    return el('button', {
      type: 'button', class: main ? 'button is-main' : 'button', data: { button: one.id }, on: { click: run },
    }, one.label ?? one.id);
  }

  function buildEditor() {
    field = textField(message.input.value, 'Your own words', () => submit('edit'));
    field.node.rows = 4;
    return [field.node, el('div', { class: 'message-buttons' },
      button({ id: 'edit-send', label: 'Send this' }, true, () => submit('edit')),
      button({ id: 'edit-cancel', label: 'Cancel' }, false, () => setEditing(false)))];
  }

  function build(draft) {
    const buttons = message.buttons ?? [];
    field = null;
    if (editing && isCard()) {
      body.replaceChildren(...buildEditor());
      return;
    }
    editing = false;
    const parts = [];
    const asks = message.input && !isCard();
    if (asks) {
      field = createField(message.input, draft || message.input.value, 'Your answer', () => submit('answer'));
      parts.push(field.node);
    }
    const shown = asks && !buttonIds().includes('answer') ? [{ id: 'answer', label: 'Answer' }, ...buttons] : buttons;
    if (shown.length > 0) {
      parts.push(el('div', { class: 'message-buttons' }, ...shown.map((one) => {
        const main = one.id === 'answer' || one.id === 'send';
        if (one.id === 'answer' && asks) return button(one, main, () => submit('answer'));
        if (one.id === 'edit' && isCard()) return button(one, main, () => setEditing(true));
        return button(one, main, () => press(one.id));
      })));
    }
    body.replaceChildren(...parts);
  }

  // Fields that an update leaves out: words stay, buttons and the field go.
  function update(next) {
    const draft = field?.read() ?? '';
    message = { ...message, ...next, buttons: next.buttons ?? [], input: next.input ?? null };
    node.classList.remove('is-busy');
    setText(text, message.text);
    setText(reader, READERS[message.reader] ?? message.reader);
    readerLine.hidden = !message.reader;
    const nextShape = JSON.stringify([message.buttons, message.input]);
    if (nextShape !== shape) {
      const hadFocus = body.contains(document.activeElement);
      const sameKind = shape !== '' && JSON.parse(shape)[1]?.kind === message.input?.kind;
      shape = nextShape;
      setText(problem, '');
      build(sameKind ? draft : '');
      if (hadFocus) node.focus({ preventScroll: true });
    }
    body.hidden = body.childElementCount === 0;
    node.classList.toggle('is-open', !body.hidden);
  }

  function showTime(now) {
    const at = Date.parse(message.at);
    if (Number.isNaN(at)) return;
    time.setAttribute('datetime', message.at);
    time.setAttribute('title', longDate(at, zone));
    setText(time, shortTime(at, zone, now));
  }

  return {
    node, update, showTime,
    at: () => Date.parse(message.at) || 0,
    settle: () => node.classList.remove('is-busy'),
  };
}

// What the person said: same shape from the outside, nothing to press.
export function createSaying(id, zone) {
  const text = el('p', { class: 'message-text' });
  const time = el('time');
  const node = el('article', { class: 'message is-own', data: { said: id } }, text, el('p', { class: 'message-time' }, time));
  let message = {};
  return {
    node,
    update(next) {
      message = { ...message, ...next };
      setText(text, message.text);
    },
    showTime(now) {
      const at = Date.parse(message.at);
      if (Number.isNaN(at)) return;
      time.setAttribute('datetime', message.at);
      setText(time, shortTime(at, zone, now));
    },
    at: () => Date.parse(message.at) || 0,
    settle() {},
  };
}
