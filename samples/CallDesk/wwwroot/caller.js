// The timeline of one caller: the chat records, oldest first, and the calls without a record.

import { locale, texts } from './texts.js';
import { markLoaded, length, list, time, write, writeCaller } from './view.js';

const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
const dialog = document.getElementById('caller');
let shown;
let opened;

export function start() {
  document.getElementById('caller-close').addEventListener('click', () => dialog.close());
  // A click outside of the dialog is a click on its backdrop.
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => shown = undefined);
}

export function open(row) {
  if (!row?.chatId) return;
  shown = row.chatId;
  opened = callOf(row);
  writeCaller({ name: document.getElementById('caller-name'), number: document.getElementById('caller-number') }, row);
  const timeline = document.getElementById('timeline');
  timeline.replaceChildren();
  timeline.setAttribute('aria-busy', 'true');
  dialog.showModal();
  read();
}

// Updates the open dialog when a row of its caller was written.
export function refresh(row) {
  if (shown && row.chatId === shown) read();
}

async function read() {
  const chatId = shown;
  // Queried by a call and not by the chat id, which contains a phone number: web servers log addresses.
  const [records, calls] = await Promise.all(['records', 'calls'].map(async kind =>
    (await fetch(`api/${kind}?callerOf=${encodeURIComponent(opened)}`, { cache: 'no-store' })).json()));
  if (chatId !== shown) return;
  markLoaded('timeline');
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
