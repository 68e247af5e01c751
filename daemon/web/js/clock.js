// clock.js: the daemon's movable clock.

import { postClock } from './api.js';
import { el, setAttr, setText } from './dom.js';
import { hideBanner, showRefusal, toast } from './notices.js';
import { homeZone, setNow, store } from './store.js';
import {
  dayName, fromField, hourMinute, longDate, nextDaily, nextWeekday, placeOf, toField, toRfc3339,
} from './time.js';

const MINUTE = 60000;
const JUMPS = [
  { id: 'hour', label: '+1 hour', to: (now) => now + 60 * MINUTE },
  { id: 'morning', label: 'Next morning', title: 'Next morning, 08:30', to: (now, zone) => nextDaily(now, zone, 8, 30) },
  { id: 'monday', label: 'Monday 09:00', to: (now, zone) => nextWeekday(now, zone, 1, 9, 0) },
  { id: 'friday', label: 'Friday 16:00', to: (now, zone) => nextWeekday(now, zone, 5, 16, 0) },
];

export function createClock(root, refresh) {
  const time = el('span', { class: 'clock-time' });
  const date = el('span', { class: 'clock-date' });
  const place = el('span', { class: 'clock-place' });
  const face = el('time', { class: 'clock-face' }, time, date, place);
  const buttons = JUMPS.map((jump) => el('button', {
    type: 'button', class: 'button', title: jump.title, data: { jump: jump.id },
    on: { click: () => moveTo(jump.to(store.now, homeZone())) },
  }, jump.label));
  const field = el('input', { type: 'datetime-local', class: 'clock-field', 'aria-label': 'Move the clock to' });
  const go = el('button', { type: 'submit', class: 'button' }, 'Go');
  const problem = el('p', { class: 'clock-problem', role: 'alert' });
  const form = el('form', { class: 'clock-form', novalidate: true }, field, go);
  root.append(
    el('span', { class: 'visually-hidden', id: 'clock-label' }, 'The coach\'s clock'), face,
    el('div', { class: 'clock-jumps' }, ...buttons, form), problem);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const at = fromField(field.value, homeZone());
    if (at === null) {
      setText(problem, 'Pick a day and a time first.');
      field.focus();
    } else moveTo(at);
  });
  field.addEventListener('input', () => setText(problem, ''));

  let busy = false;

  async function moveTo(at) {
    if (busy) return;
    setText(problem, '');
    if (at <= store.now) {
      setText(problem, 'The clock only moves forward. Pick a later time.');
      field.focus();
      return;
    }
    setBusy(true);
    try {
      const answer = await postClock(toRfc3339(at));
      hideBanner('refused');
      if (answer?.now) setNow(answer.now);
      field.value = '';
      toast(`It is now ${dayName(store.now, homeZone())} ${hourMinute(store.now, homeZone())}.`);
    } catch (error) {
      showRefusal('The clock did not move.', error);
    }
    setBusy(false);
    await refresh();
  }

  function setBusy(on) {
    busy = on;
    for (const node of [root, ...buttons, go]) setAttr(node, node === root ? 'aria-busy' : 'aria-disabled', on || null);
  }

  function render() {
    if (!store.now) return;
    const zone = homeZone();
    setText(time, hourMinute(store.now, zone));
    setText(date, longDate(store.now, zone));
    setText(place, `${placeOf(zone)} time`);
    setAttr(face, 'datetime', toRfc3339(store.now));
    setAttr(field, 'min', toField(store.now + MINUTE, zone));
  }

  return { render };
}
