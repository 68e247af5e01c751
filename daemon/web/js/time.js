// time.js: times in a person's own zone. Instants are milliseconds since 1970 UTC.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
    } catch {
      made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    }
    formats.set(key, made);
  }
  return formats.get(key);
}

const WALL = {
  hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit',
  hour: '2-digit', minute: '2-digit', second: '2-digit',
};

function wallClock(at, zone) {
  const found = {};
  for (const { type, value } of format(zone, WALL).formatToParts(at)) found[type] = Number(value);
  const { year, month, day, hour, minute, second } = found;
  return { year, month, day, hour, minute, second, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

function offsetAt(at, zone) {
  const wall = wallClock(at, zone);
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  return asUtc - Math.floor(at / 1000) * 1000;
}

// Days beyond the month's end roll over. A time that a clock change skips lands just after the gap.
function instantOf({ year, month, day, hour, minute }, zone) {
  const guess = Date.UTC(year, month - 1, day, hour, minute);
  const before = guess - offsetAt(guess - 86400000, zone);
  const after = guess - offsetAt(guess + 86400000, zone);
  const exact = [before, after].find((at) => at + offsetAt(at, zone) === guess);
  return exact ?? Math.max(before, after);
}

export function nextDaily(now, zone, hour, minute) {
  return nextMatching(now, zone, hour, minute, () => true);
}

export function nextWeekday(now, zone, weekday, hour, minute) {
  return nextMatching(now, zone, hour, minute, (at) => wallClock(at, zone).weekday === weekday);
}

function nextMatching(now, zone, hour, minute, fits) {
  const today = wallClock(now, zone);
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const at = instantOf({ ...today, day: today.day + ahead, hour, minute }, zone);
    if (at > now && fits(at)) return at;
  }
  throw new Error('no such time within a week');
}

// RFC 3339 in UTC, without a fraction when there is none.
export function toRfc3339(at) {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

export function hourMinute(at, zone) {
  return format(zone, { hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }).format(at);
}

export function dayName(at, zone) {
  return format(zone, { weekday: 'short' }).format(at);
}

export function longDate(at, zone) {
  return format(zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

// 10:05 today, Mon 10:05 within the week, 3 Mar 10:05 otherwise.
export function shortTime(at, zone, now) {
  const time = hourMinute(at, zone);
  const day = format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  if (day.format(at) === day.format(now)) return time;
  if (Math.abs(now - at) < 6 * 86400000) return `${dayName(at, zone)} ${time}`;
  return `${format(zone, { day: 'numeric', month: 'short' }).format(at)} ${time}`;
}

// America/Argentina/Buenos_Aires -> Buenos Aires
export function placeOf(zone) {
  return String(zone).split('/').pop().replaceAll('_', ' ');
}

// The value of a datetime-local field, read and written in a zone other than the browser's.
export function toField(at, zone) {
  const { year, month, day, hour, minute } = wallClock(at, zone);
  const two = (number) => String(number).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

export function fromField(text, zone) {
  const match = /^(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  return instantOf({ year, month, day, hour, minute }, zone);
}
