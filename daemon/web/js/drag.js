// drag.js: moving a card with mouse, pen or finger. A finger holds for a moment first, so that swiping still scrolls.

import { el } from './dom.js';

const SLOP_PX = 6;
const HOLD_MS = 280;
const EDGE_PX = 56;

export function makeDraggable(root, { over, drop }) {
  let drag = null;      // {card, id, pointer, startX, startY, x, y, ghost, stage, timer}

  function columnAt(x, y) {
    return document.elementFromPoint(x, y)?.closest('[data-stage]')?.dataset.stage ?? null;
  }

  function lift() {
    const box = drag.card.getBoundingClientRect();
    drag.ghost = el('div', { class: 'ghost', 'aria-hidden': 'true' }, drag.card.cloneNode(true));
    drag.ghost.firstChild.removeAttribute('data-deal');
    drag.ghost.firstChild.removeAttribute('tabindex');
    drag.ghost.inert = true;
    drag.ghost.style.width = `${box.width}px`;
    drag.offsetX = drag.startX - box.left;
    drag.offsetY = drag.startY - box.top;
    document.body.append(drag.ghost);
    document.body.classList.add('is-dragging');
    drag.card.classList.add('is-lifted');
    follow();
    requestAnimationFrame(scrollAtEdge);
  }

  function follow() {
    drag.ghost.style.transform = `translate(${drag.x - drag.offsetX}px, ${drag.y - drag.offsetY}px)`;
    const stage = columnAt(drag.x, drag.y);
    if (stage === drag.stage) return;
    drag.stage = stage;
    for (const column of root.children) column.classList.toggle('is-target', column.dataset.stage === stage);
  }

  function scrollAtEdge() {
    if (!drag?.ghost) return;
    const box = root.getBoundingClientRect();
    const right = drag.x - (box.right - EDGE_PX);
    const left = box.left + EDGE_PX - drag.x;
    const by = right > 0 ? Math.min(right, EDGE_PX) / 5 : left > 0 ? -Math.min(left, EDGE_PX) / 5 : 0;
    if (by !== 0) {
      root.scrollLeft += by;
      follow();
    }
    requestAnimationFrame(scrollAtEdge);
  }

  function end(dropped) {
    if (!drag) return;
    const { id, card, ghost, stage, timer } = drag;
    clearTimeout(timer);
    drag = null;
    document.removeEventListener('pointermove', onMove);
    document.removeEventListener('pointerup', onUp);
    document.removeEventListener('pointercancel', onCancel);
    document.removeEventListener('keydown', onKey, true);
    if (!ghost) return;
    ghost.remove();
    card.classList.remove('is-lifted');
    document.body.classList.remove('is-dragging');
    if (dropped) drop(id, stage);
    else over(null);
  }

  function onMove(event) {
    if (event.pointerId !== drag.pointer) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    if (drag.ghost) {
      follow();
      return;
    }
    const far = Math.hypot(drag.x - drag.startX, drag.y - drag.startY) > SLOP_PX;
    if (!far) return;
    if (drag.touch) end(false);
    else lift();
  }

  function onUp(event) {
    if (event.pointerId === drag.pointer) end(true);
  }

  function onCancel(event) {
    if (event.pointerId === drag.pointer) end(false);
  }

  function onKey(event) {
    if (event.key !== 'Escape' || !drag.ghost) return;
    event.preventDefault();
    end(false);
  }

  root.addEventListener('pointerdown', (event) => {
    const card = event.target.closest('.card');
    if (!card || drag || event.button !== 0 || event.target.closest('button, select')) return;
    drag = {
      card, id: card.dataset.deal, pointer: event.pointerId, touch: event.pointerType === 'touch',
      startX: event.clientX, startY: event.clientY, x: event.clientX, y: event.clientY,
      ghost: null, stage: null, timer: 0,
    };
    over(null);
    if (drag.touch) {
      drag.timer = setTimeout(() => {
        navigator.vibrate?.(12);
        lift();
      }, HOLD_MS);
    }
    document.addEventListener('pointermove', onMove);
    document.addEventListener('pointerup', onUp);
    document.addEventListener('pointercancel', onCancel);
    document.addEventListener('keydown', onKey, true);
  });

  // Once a finger carries a card, the browser must not scroll or open its menu.
  root.addEventListener('touchmove', (event) => {
    if (drag?.ghost && event.cancelable) event.preventDefault();
  }, { passive: false });
  root.addEventListener('contextmenu', (event) => {
    if (drag?.touch) event.preventDefault();
  });
}
