// Reads the day from the JSON, follows the stream, and draws. After a lost connection EventSource comes back by itself, and the
// "hello" of the stream makes the page read the day again: nothing is missed.

import * as attention from './attention.js';
import * as caller from './caller.js';
import { draw, translate } from './view.js';

const outcomes = ['None', 'Unknown', 'Missed', 'Dropped', 'Answered'];
const day = { calls: new Map(), records: new Map(), alerts: new Map(), callbacks: new Map() };
const view = { filter: 'all', online: false, skew: 0 };
let drawing;

const midnight = () => new Date(new Date().setHours(0, 0, 0, 0)).toISOString();

// A row comes by the JSON and by the stream, in either order: what is known is never taken back.
const merges = {
  calls: (row, known) => outcomes.indexOf(row.outcome) < outcomes.indexOf(known.outcome)
    ? known
    : { ...row, callerName: row.callerName ?? known.callerName },
  alerts: (row, known) => ({ ...row, endedAt: row.endedAt ?? known.endedAt }),
  records: row => row,
  callbacks: (row, known) => row.changedAt < known.changedAt ? known : row,
};

function keep(kind, row) {
  const known = day[kind].get(row.id);
  day[kind].set(row.id, known ? merges[kind](row, known) : row);
}

// By a timer and not an animation frame: those stand still in a tab in the background, whose title tells that somebody rings.
function redraw() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    const since = midnight();
    for (const rows of Object.values(day)) {
      rows.forEach((row, id) => row.at < since && rows.delete(id));
    }
    const ringing = draw(day, view);
    if (view.online) attention.draw(ringing);
  }, 20);
}

async function read(kind) {
  const response = await fetch(`api/${kind}?since=${encodeURIComponent(midnight())}`, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}.`);
  for (const row of await response.json()) keep(kind, row);
}

function follow() {
  const stream = new EventSource('api/stream');
  const setOnline = online => {
    view.online = online;
    redraw();
  };
  const startAgain = () => {
    stream.close();
    setOnline(false);
    setTimeout(follow, 3000);
  };
  const setClock = event => view.skew = Date.parse(JSON.parse(event.data).now) - Date.now();

  stream.addEventListener('hello', event => {
    setClock(event);
    Promise.all(Object.keys(day).map(read)).then(() => setOnline(true), startAgain);
  });
  stream.addEventListener('beat', setClock);
  stream.addEventListener('error', () => stream.readyState === EventSource.CLOSED ? startAgain() : setOnline(false));
  for (const [kind, type] of [['calls', 'DeskCall'], ['records', 'DeskRecord'], ['alerts', 'DeskAlert'], ['callbacks', 'DeskCallback']]) {
    stream.addEventListener(type, event => {
      const row = JSON.parse(event.data);
      keep(kind, row);
      caller.hear(row);
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
  if (button?.dataset.do === 'open') caller.open(day[item.parentElement.id === 'calls' ? 'calls' : 'alerts'].get(item.dataset.id));
  if (button?.dataset.do === 'back') mark(item.dataset.id, button.getAttribute('aria-pressed') !== 'true');
});

// The stream brings what becomes of it, here and to the other operators.
const mark = (id, isCalledBack) => fetch(`api/called-back/${id.split('/').map(encodeURIComponent).join('/')}`, { method: isCalledBack ? 'POST' : 'DELETE' });

translate();
caller.start();
attention.start();
follow();
setInterval(redraw, 1000);
