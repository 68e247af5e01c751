// api.js: the daemon's HTTP side.

class ApiError extends Error {
  constructor(message, { offline = false } = {}) {
    super(message);
    this.offline = offline;
  }
}

async function request(path, options = {}, limitMs = 15000) {
  let response;
  try {
    response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(limitMs), ...options });
  } catch {
    throw new ApiError('gritd does not answer.', { offline: true });
  }
  const text = await response.text().catch(() => '');
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = null;
  }
  if (!response.ok) {
    const said = [body?.title, body?.detail].filter(Boolean).join(': ');
    throw new ApiError(said || `gritd answered ${response.status}.`);
  }
  return body;
}

export function fetchWhere() {
  return request('/try/where');
}

export function fetchState() {
  return request('/try/state');
}

export function postEvent(event) {
  return request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
}

// A long move lets weeks of schedules fall due, so it may take its time.
export function postClock(to) {
  return request('/try/clock', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to }),
  }, 120000);
}
