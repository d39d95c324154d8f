// Loads the rows of the day and the open callbacks as JSON, subscribes to the stream, and draws. EventSource reconnects after a lost connection, and the "hello" of the
// stream makes the page load everything again, so that no change is missed.

import * as attention from './attention.js';
import * as callbacks from './callbacks.js';
import * as caller from './caller.js';
import { draw, translate } from './view.js';

const outcomes = ['None', 'Unknown', 'Missed', 'Dropped', 'Answered'];
const day = { calls: new Map(), records: new Map(), alerts: new Map() };
const view = { filter: 'all', online: false, skew: 0 };
let drawing;

const midnight = () => new Date(new Date().setHours(0, 0, 0, 0)).toISOString();

// A row may arrive as JSON and in the stream, in either order. Merging never replaces newer data by older.
const merges = {
  calls: (row, known) => outcomes.indexOf(row.outcome) < outcomes.indexOf(known.outcome)
    ? known
    : { ...row, callerName: row.callerName ?? known.callerName },
  alerts: (row, known) => ({ ...row, endedAt: row.endedAt ?? known.endedAt }),
  records: row => row,
};

function store(kind, row) {
  const known = day[kind].get(row.id);
  day[kind].set(row.id, known ? merges[kind](row, known) : row);
}

// A timer instead of an animation frame, since animation frames are paused in background tabs, whose title still has to show ringing calls.
function redraw() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    const since = midnight();
    for (const rows of Object.values(day)) {
      rows.forEach((row, id) => row.at < since && rows.delete(id));
    }
    const ringing = draw(day, callbacks.open(Date.now() + view.skew), view);
    if (view.online) attention.draw(ringing);
  }, 20);
}

async function read(kind) {
  const response = await fetch(`api/${kind}?since=${encodeURIComponent(midnight())}`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  for (const row of await response.json()) store(kind, row);
}

function connect() {
  const stream = new EventSource('api/stream');
  const setOnline = online => {
    view.online = online;
    redraw();
  };
  const reconnect = () => {
    stream.close();
    setOnline(false);
    setTimeout(connect, 3000);
  };
  const setClock = event => view.skew = Date.parse(JSON.parse(event.data).now) - Date.now();

  stream.addEventListener('hello', event => {
    setClock(event);
    Promise.all([...Object.keys(day).map(read), callbacks.read()]).then(() => setOnline(true), reconnect);
  });
  stream.addEventListener('beat', setClock);
  stream.addEventListener('callbacks', refreshCallbacks);
  stream.addEventListener('error', () => stream.readyState === EventSource.CLOSED ? reconnect() : setOnline(false));
  for (const [kind, type] of [['calls', 'DeskCall'], ['records', 'DeskRecord'], ['alerts', 'DeskAlert']]) {
    stream.addEventListener(type, event => {
      const row = JSON.parse(event.data);
      store(kind, row);
      caller.refresh(row);
      redraw();
    });
  }
}

document.getElementById('filters').addEventListener('click', event => {
  view.filter = event.target.closest('button')?.dataset.filter ?? view.filter;
  redraw();
});

document.querySelector('main').addEventListener('click', event => {
  const button = event.target.closest('[data-do]');
  const item = button?.closest('li');
  if (button?.dataset.do === 'open') caller.open(rowOf[item.parentElement.id](item.dataset.id));
  if (button?.dataset.do === 'back') callbacks.close(callbacks.find(item.dataset.id)).finally(refreshCallbacks);
});

const rowOf = { ringing: id => day.alerts.get(id), calls: id => day.calls.get(id), callbacks: callbacks.find };
const refreshCallbacks = () => callbacks.refresh(() => view.online, redraw);

translate();
caller.start();
attention.start();
connect();
setInterval(redraw, 1000);
