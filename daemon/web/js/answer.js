// answer.js: the field with which a message is answered, by kind.

import { el } from './dom.js';

let serial = 0;

function optionOf(option) {
  if (option !== null && typeof option === 'object') {
    const value = String(option.id ?? option.value ?? option.label);
    return { value, label: String(option.label ?? value) };
  }
  return { value: String(option), label: String(option) };
}

function radios(options, draft, label, look) {
  serial += 1;
  const name = `answer-${serial}`;
  const inputs = options.map(({ value }) => el('input', { type: 'radio', name, value, checked: value === draft }));
  const node = el('div', { class: `pills ${look}`, role: 'radiogroup', 'aria-label': label },
    ...options.map((option, index) => el('label', { class: 'pill' }, inputs[index], el('span', {}, option.label))));
  return {
    node,
    read: () => inputs.find((input) => input.checked)?.value ?? '',
    focus: () => inputs[0]?.focus(),
    missing: 'Choose one first, or press another button.',
  };
}

function menu(options, draft, label) {
  const node = el('select', { class: 'answer-field', 'aria-label': label },
    el('option', { value: '' }, 'Choose…'),
    ...options.map(({ value, label: text }) => el('option', { value }, text)));
  if (options.some(({ value }) => value === draft)) node.value = draft;
  return { node, read: () => node.value, focus: () => node.focus(), missing: 'Choose one first.' };
}

export function textField(draft, label, submit) {
  const node = el('textarea', { class: 'answer-field', rows: 2, maxlength: 4000, 'aria-label': label });
  node.value = draft ?? '';
  node.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  return {
    node, read: () => node.value.trim(), focus: () => node.focus(),
    missing: 'Write a few words first.',
  };
}

function dateField(input, draft, label) {
  const node = el('input', { type: 'date', class: 'answer-field', 'aria-label': label, min: input.min, max: input.max });
  node.value = draft ?? '';
  return { node, read: () => node.value, focus: () => node.focus(), missing: 'Pick a day first.' };
}

function steps(input) {
  const low = Number(input.min ?? 1);
  const high = Number(input.max ?? 5);
  const count = Math.min(Math.max(high - low, 0), 20) + 1;
  return Array.from({ length: count }, (_, index) => optionOf(low + index));
}

// Returns {node, read, focus, missing}; read() gives '' while nothing is chosen.
export function createField(input, draft, label, submit) {
  const options = (input.options ?? []).map(optionOf);
  switch (input.kind) {
    case 'yes_no':
      return radios(options.length > 0 ? options : [optionOf({ id: 'yes', label: 'Yes' }), optionOf({ id: 'no', label: 'No' })],
        draft, label, 'is-row');
    case 'scale':
      return radios(options.length > 0 ? options : steps(input), draft, label, 'is-scale');
    case 'choice':
      return options.length > 8 ? menu(options, draft, label) : radios(options, draft, label, 'is-row');
    case 'date':
      return dateField(input, draft, label);
    default:
      return textField(draft, label, submit);
  }
}
