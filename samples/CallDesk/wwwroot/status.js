// The page for the administrator of the desk: reloads everything every two seconds, and sends the actions to the server.

import { drawStatus } from './statusview.js';
import { locale, texts } from './texts.js';
import { markLoaded } from './view.js';

const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
const lists = {
  'dead-letters': row => ({ at: row.failedAt, what: `${row.handler}: ${row.eventId}`, why: texts.failed(row.attempts, row.error) }),
  quarantine: row => ({ at: row.receivedAt, what: `${row.reason}, ${row.length} B`, why: row.explanation }),
};

async function draw(kind) {
  const response = await fetch(`api/${kind}`, { cache: 'no-store' });
  if (!response.ok) return;
  markLoaded(kind);
  document.getElementById(kind).replaceChildren(...(await response.json()).map(row => {
    const item = document.getElementById('item').content.firstElementChild.cloneNode(true);
    const { at, what, why } = lists[kind](row);
    const field = name => item.querySelector(`[data-field=${name}]`);
    field('time').dateTime = at;
    field('time').textContent = clock.format(Date.parse(at));
    field('what').textContent = what;
    field('why').textContent = why;
    for (const button of item.querySelectorAll('button')) {
      button.textContent = texts[button.dataset.do];
      button.disabled = row.isReplayRequested;
      button.addEventListener('click', () => act(kind, row.id, button.dataset.do));
    }
    return item;
  }));
}

async function act(kind, id, what) {
  await (what === 'replay'
    ? fetch(`api/${kind}/${id}/replay`, { method: 'POST' })
    : fetch(`api/${kind}/${id}`, { method: 'DELETE' }));
  await draw(kind);
}

async function drawState() {
  const response = await fetch('api/status', { cache: 'no-store' });
  if (response.ok) drawStatus(await response.json());
}

async function examine(event) {
  const message = document.getElementById('examined');
  event.target.disabled = true;
  message.textContent = texts.examining;
  try {
    const response = await fetch('api/status/examination', { method: 'POST' });
    if (!response.ok) throw new Error(`The examination answered ${response.status}.`);
    message.textContent = '';
    await drawState();
  } catch {
    message.textContent = texts.failedToExamine;
  }
  event.target.disabled = false;
}

const drawAll = () => Promise.allSettled([drawState(), ...Object.keys(lists).map(draw)]);

document.title = texts.status;
for (const element of document.querySelectorAll('[data-text]')) element.textContent = texts[element.dataset.text];
document.getElementById('examine').addEventListener('click', examine);
drawAll();
// The lists are not redrawn while the pointer or the focus is on one of their buttons, so that the button does not move.
setInterval(() => document.querySelector('.failed button:hover, .failed button:focus-visible') ?? drawAll(), 2000);
