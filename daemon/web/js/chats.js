// chats.js: the chats side by side, or behind tabs where there is little room.

import { avatar, el, firstName, setAttr, setText } from './dom.js';
import { createChat } from './chat.js';
import { toast } from './notices.js';

const NARROW = matchMedia('(max-width: 899px)');

export function createChats(root, people, sendAs) {
  const tabs = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Whose chat' });
  const row = el('div', { class: 'chat-row' });
  const panes = new Map();
  let chosen = people[0]?.id;

  people.forEach((person, index) => {
    const chat = createChat(person, index, {
      send: (frame) => sendAs(person.id, frame),
      arrived: () => arrived(person.id),
    });
    const badge = el('span', { class: 'tab-badge' });
    const tab = el('button', {
      type: 'button', role: 'tab', class: 'tab', id: `tab-${index}`, 'aria-controls': `chat-${index}`,
      data: { tab: person.id }, on: { click: () => choose(person.id) },
    }, avatar(person, index), firstName(person), badge);
    panes.set(person.id, { person, chat, tab, badge, unread: 0 });
    tabs.append(tab);
    row.append(chat.node);
  });
  root.replaceChildren(tabs, row);

  function choose(id) {
    chosen = id;
    layOut();
  }

  function layOut() {
    for (const [id, pane] of panes) {
      const on = id === chosen;
      if (on) pane.unread = 0;
      setAttr(pane.tab, 'aria-selected', String(on));
      setAttr(pane.tab, 'tabindex', on ? '0' : '-1');
      setText(pane.badge, pane.unread > 0 ? String(pane.unread) : '');
      setAttr(pane.badge, 'aria-label', pane.unread > 0 ? `${pane.unread} new` : null);
      setAttr(pane.chat.node, 'role', NARROW.matches ? 'tabpanel' : null);
      pane.chat.node.hidden = NARROW.matches && !on;
    }
  }

  tabs.addEventListener('keydown', (event) => {
    const ids = [...panes.keys()];
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    choose(ids[(ids.indexOf(chosen) + by + ids.length) % ids.length]);
    panes.get(chosen).tab.focus();
  });

  function inView(node) {
    const box = node.getBoundingClientRect();
    return !node.hidden && box.top < innerHeight - 120 && box.bottom > 120;
  }

  let quiet = true;       // what a fresh page is given at first is no news

  function arrived(id) {
    const pane = panes.get(id);
    if (quiet || inView(pane.chat.node)) return;
    if (NARROW.matches && id !== chosen) {
      pane.unread += 1;
      layOut();
    }
    toast(`New message for ${firstName(pane.person)}.`, {
      label: 'Show',
      run: () => {
        choose(id);
        pane.chat.node.scrollIntoView({ block: 'end' });
        pane.chat.node.querySelector('.chat-log').focus({ preventScroll: true });
      },
    });
  }

  NARROW.addEventListener('change', layOut);
  layOut();

  return {
    take: (id, frame) => panes.get(id)?.chat.take(frame),
    setLinked: (id, on) => panes.get(id)?.chat.setLinked(on),
    render: () => { for (const { chat } of panes.values()) chat.render(); },
    wake: () => { quiet = false; },
  };
}
