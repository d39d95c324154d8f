// Draws the day. Everything that came from outside is written as text, never as HTML.

import { locale, texts } from './texts.js';

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const isUnanswered = call => call.outcome === 'Missed' || call.outcome === 'Dropped';
const filters = {
  all: () => true,
  answered: call => call.outcome === 'Answered',
  unanswered: isUnanswered,
  toCallBack: (call, back) => back(call) === 'toCallBack',
};

export function translate() {
  document.title = texts.title;
  for (const element of document.querySelectorAll('[data-text]')) write(element, texts[element.dataset.text]);
}

export function draw(day, view) {
  const now = Date.now() + view.skew;
  const [calls, records, alerts] = [newestFirst(day.calls), newestFirst(day.records), newestFirst(day.alerts)];
  const callOf = alert => day.calls.get(`${alert.idInstance}/${alert.callId}`);
  // Nobody updates an alert that is over: a name that comes later is the call's.
  const nameOf = alert => callOf(alert)?.callerName ?? alert.callerName;
  const isOver = alert => alert.endedAt || Date.parse(alert.expiresAt) <= now || callOf(alert)?.outcomeAt;
  const ringing = alerts.filter(alert => !isOver(alert)).reverse();
  const ringingCalls = new Set(ringing.map(callOf));
  const back = callbacks(calls, day.callbacks);

  list('ringing', ringing, (fields, alert) => {
    who(fields, { ...alert, callerName: nameOf(alert) });
    write(fields.timer, length(alert.at, now));
  });
  list('calls', calls.filter(call => filters[view.filter](call, back)), (fields, call, item) => {
    const state = ringingCalls.has(call) ? 'ringing' : call.outcome;
    item.dataset.state = state;
    time(fields.time, call.at);
    who(fields, call);
    write(fields.outcome, texts[state]);
    const whether = back(call);
    fields.back.hidden = !whether;
    fields.back.disabled = whether === 'reached';
    fields.back.setAttribute('aria-pressed', String(whether === 'calledBack'));
    write(fields.back, whether === 'reached' ? texts.reached : texts.calledBack);
    write(fields.rang, call.outcomeAt > call.at ? texts.rang(length(call.at, call.outcomeAt)) : '');
  });
  list('records', records, (fields, record, item) => {
    item.dataset.state = record.label;
    time(fields.time, record.at);
    write(fields.text, record.text);
    write(fields.name, record.callerName || texts.anonymous);
  });
  list('alerts', alerts, (fields, alert) => {
    const end = isOver(alert) && (callOf(alert)?.outcomeAt ?? alert.endedAt ?? alert.expiresAt);
    time(fields.time, alert.at);
    write(fields.name, nameOf(alert) || texts.anonymous);
    write(fields.state, end ? texts.over(length(alert.at, end)) : texts.ringing);
  });

  if (view.online) ['ringing', 'calls', 'records', 'alerts'].forEach(isRead);
  for (const button of document.querySelectorAll('#filters button')) {
    const name = button.dataset.filter;
    write(button.querySelector('b'), String(calls.filter(call => filters[name](call, back)).length));
    button.setAttribute('aria-pressed', String(name === view.filter));
  }
  const link = document.getElementById('link');
  write(link, view.online ? texts.online : texts.offline);
  link.dataset.online = view.online;
  document.title = ringing.length ? `(${ringing.length}) ${texts.title}` : texts.title;
  return ringing.map(alert => ({ ...alert, callerName: nameOf(alert) }));
}

// What is to be done about a call: nothing (undefined) where it was answered, or nobody knows whom to call.
// Who was talked to later, whoever rang whom, need not be called for it.
function callbacks(calls, marks) {
  const talkedAt = new Map();
  for (const call of calls) {
    if (call.outcome === 'Answered' && !(talkedAt.get(call.chatId) > call.at)) talkedAt.set(call.chatId, call.at);
  }
  return call => !isUnanswered(call) || !call.chatId ? undefined
    : marks.get(call.id)?.calledBackAt ? 'calledBack'
    : talkedAt.get(call.chatId) > call.at ? 'reached'
    : 'toCallBack';
}

const newestFirst = rows => [...rows.values()].reverse().sort((a, b) => a.at < b.at ? 1 : a.at > b.at ? -1 : 0);

// Items stay the same elements as long as their row is shown, so that the screen reader tells a ringing call once.
export function list(name, rows, fill) {
  const element = document.getElementById(name);
  const template = document.getElementById(`${name}-item`).content.firstElementChild;
  const old = new Map([...element.children].map(item => [item.dataset.id, item]));
  const items = rows.map(row => {
    const item = old.get(row.id) ?? template.cloneNode(true);
    item.dataset.id = row.id;
    const fields = Object.fromEntries([...item.querySelectorAll('[data-field]')].map(field => [field.dataset.field, field]));
    fill(fields, row, item);
    return item;
  });
  const kept = new Set(items);
  old.forEach(item => kept.has(item) || item.remove());
  items.forEach((item, place) => element.children[place] === item || element.insertBefore(item, element.children[place] ?? null));
}

// Until then an empty list says nothing: nobody knows yet that there is nothing in it.
export const isRead = list => document.getElementById(list).removeAttribute('aria-busy');

export function who({ name, number }, { callerName, chatId }) {
  const phone = /^(\d{7,15})@c\.us$/.exec(chatId ?? '')?.[1];
  const shown = phone ? `+${phone}` : chatId ?? '';
  write(name, callerName || shown || texts.anonymous);
  write(number, shown === callerName || !callerName ? '' : shown);
  if (phone) number.href = `tel:+${phone}`;
  else number.removeAttribute('href');
}

export function time(element, at, format = clock) {
  element.dateTime = at;
  write(element, format.format(Date.parse(at)));
}

export function length(from, to) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
