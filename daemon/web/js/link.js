// link.js: one websocket per person, opened again by itself with growing pauses.

import { fetchWhere } from './api.js';

const FIRST_PAUSE_MS = 400;
const LAST_PAUSE_MS = 10000;

// `found(where)` runs each time the daemon was asked where it is, before sockets are opened.
export function createLink({ found, frame, linked, trouble }) {
  const sockets = new Map();      // person id -> WebSocket
  let pause = FIRST_PAUSE_MS;
  let timer = 0;
  let asking = false;

  function later() {
    if (timer) return;
    const jitter = 0.7 + Math.random() * 0.3;
    timer = setTimeout(tryNow, pause * jitter);
    pause = Math.min(pause * 2, LAST_PAUSE_MS);
  }

  function allOpen(people) {
    return people.every(({ id }) => sockets.get(id)?.readyState === WebSocket.OPEN);
  }

  function settled() {
    pause = FIRST_PAUSE_MS;
    trouble(null);
  }

  function open(url, id, people) {
    if (sockets.has(id)) return;
    const address = new URL(url);
    address.searchParams.set('as', id);
    const socket = new WebSocket(address, 'gritd-local');
    sockets.set(id, socket);
    socket.addEventListener('open', () => {
      linked(id, true);
      if (allOpen(people)) settled();
    });
    socket.addEventListener('message', (event) => {
      let said = null;
      try {
        said = JSON.parse(event.data);
      } catch {
        return;
      }
      if (said && typeof said === 'object') frame(id, said);
    });
    socket.addEventListener('close', () => {
      sockets.delete(id);
      linked(id, false);
      trouble('lost');
      later();
    });
  }

  async function tryNow() {
    clearTimeout(timer);
    timer = 0;
    if (asking) return;
    asking = true;
    try {
      const where = await fetchWhere();
      found(where);
      for (const { id } of where.people) open(where.socket, id, where.people);
      if (allOpen(where.people)) settled();
    } catch (error) {
      trouble(error.offline ? 'gone' : error.message ?? 'gone');
      later();
    }
    asking = false;
  }

  function send(id, said) {
    const socket = sockets.get(id);
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(said));
    return true;
  }

  return { tryNow, send };
}
