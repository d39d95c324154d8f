// The timeline of one caller: what was written to his chat, oldest first, and the calls of which nothing was.

import { locale, texts } from './texts.js';
import { isRead, length, list, time, who, write } from './view.js';

const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
const dialog = document.getElementById('caller');
let shown;
let opened;

export function start() {
  document.getElementById('caller-close').addEventListener('click', () => dialog.close());
  // A click beside the dialog is one on its backdrop.
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => shown = undefined);
}

export function open(row) {
  if (!row?.chatId) return;
  shown = row.chatId;
  opened = callOf(row);
  who({ name: document.getElementById('caller-name'), number: document.getElementById('caller-number') }, row);
  const timeline = document.getElementById('timeline');
  timeline.replaceChildren();
  timeline.setAttribute('aria-busy', 'true');
  dialog.showModal();
  read();
}

// Something was written while the dialog is open.
export function hear(row) {
  if (shown && row.chatId === shown) read();
}

async function read() {
  const chatId = shown;
  // By a call and not by the chat id, which is a phone number: addresses are logged.
  const [records, calls] = await Promise.all(['records', 'calls'].map(async kind =>
    (await fetch(`api/${kind}?callerOf=${encodeURIComponent(opened)}`, { cache: 'no-store' })).json()));
  if (chatId !== shown) return;
  isRead('timeline');
  const recorded = new Set(records.map(callOf));
  const rows = [...records, ...calls.filter(call => !recorded.has(call.id))].sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
  list('timeline', rows, (fields, row, item) => {
    item.dataset.state = row.label ?? row.outcome;
    time(fields.time, row.at, clock);
    write(fields.text, row.text ?? callText(row));
  });
}

const callOf = row => `${row.idInstance}/${row.callId}`;
const callText = call => call.outcomeAt > call.at ? `${texts[call.outcome]}, ${texts.rang(length(call.at, call.outcomeAt))}` : texts[call.outcome];
