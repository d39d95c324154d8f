// The open callbacks: a list of the inbox and not of the day, which is read again as a whole when the server says that it has changed.

const interval = 1000;
let rows = [];
let readsLeft = 0;
let isReading = false;

// Without those that the inbox has removed meanwhile, of which there is no event.
export const open = now => rows.filter(row => Date.parse(row.expiresAt) > now);
export const find = id => rows.find(row => row.id === id);

export async function read() {
  const response = await fetch('api/callbacks', { cache: 'no-store' });
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  rows = await response.json();
}

// Reads the list at once, and again a second later: in a cluster, an event can arrive before the callback is stored. Many changes make it read once per second.
export async function refresh(isOnline, redraw) {
  readsLeft = 2;
  if (isReading) return;
  isReading = true;
  while (readsLeft > 0 && isOnline()) {
    readsLeft--;
    // After a failure it reads until it succeeds. When the page is offline, it reads everything again later.
    await read().then(redraw, () => readsLeft ||= 1);
    await new Promise(resolve => setTimeout(resolve, interval));
  }
  isReading = false;
}

// The stream announces the change to this page and to those of the other operators.
export async function close(row) {
  const response = await fetch('api/called-back', {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(row.person),
  });
  if (response.ok) rows = rows.filter(other => other.id !== row.id);
}
