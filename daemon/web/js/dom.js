// dom.js: small helpers to build the page. Text always goes in as text, never as markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'class') node.className = value;
    else if (key === 'data') Object.assign(node.dataset, value);
    else if (key === 'on') {
      for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    } else node.setAttribute(key, value === true ? '' : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

// Writes only what changed, so that focus, selection and live regions are left alone.
export function setText(node, text) {
  const next = text ?? '';
  if (node.textContent !== next) node.textContent = next;
}

export function setAttr(node, name, value) {
  if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

const PATHS = {
  call: 'M6.6 3.5 9 4l1 4-2 1.6a10 10 0 0 0 6.4 6.4L16 14l4 1 .5 2.4a2 2 0 0 1-2 2.4A15.7 15.7 0 0 1 4.2 5.500a2 2 0 0 1 2.4-2z',
  email: 'M4 6h16v12H4zM4 7l8 6 8-6',
  reply: 'M10 6 4 12l6 6M4.5 12H14a6 6 0 0 1 6 6',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
  check: 'm6 12.5 4 4 8-9',
  clock: 'M12 7v5l3.5 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z',
  send: 'M5 12h13M12.5 6l6 6-6 6',
};

export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

function initials(name) {
  return name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => word[0].toUpperCase()).join('');
}

export function avatar(person, index) {
  return el('span', { class: `avatar tone-${index % 6}`, 'aria-hidden': 'true' }, initials(person.name));
}

export function firstName(person) {
  return person.name.split(/\s+/)[0];
}

// needs_review_sent, only-half-a-gate -> Needs review sent, Only half a gate
export function humanize(id) {
  const words = String(id ?? '').replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function money(amount, currency) {
  if (amount === null || amount === undefined || Number.isNaN(Number(amount))) return '';
  try {
    return new Intl.NumberFormat('en', {
      style: 'currency', currency: currency || 'USD', maximumFractionDigits: 0,
    }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}

export function calmMotion() {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
