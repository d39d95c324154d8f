// Draws the day and the open callbacks. All external data is written as text, never as HTML.

import { locale, texts } from './texts.js';

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const clockOfOtherDay = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const filters = {
  all: () => true,
  answered: call => call.outcome === 'Answered',
  unanswered: call => call.outcome === 'Missed' || call.outcome === 'Dropped',
};

export function translate() {
  document.title = texts.title;
  for (const element of document.querySelectorAll('[data-text]')) write(element, texts[element.dataset.text]);
}

export function draw(day, callbacks, view) {
  const now = Date.now() + view.skew;
  const [calls, records, alerts] = [newestFirst(day.calls), newestFirst(day.records), newestFirst(day.alerts)];
  const callOf = alert => day.calls.get(`${alert.idInstance}/${alert.callId}`);
  // An alert that has ended is not updated any more; a name that becomes known later is in the row of the call.
  const nameOf = alert => callOf(alert)?.callerName ?? alert.callerName;
  const isOver = alert => alert.endedAt || Date.parse(alert.expiresAt) <= now || callOf(alert)?.outcomeAt;
  const ringing = alerts.filter(alert => !isOver(alert)).reverse();
  const ringingCalls = new Set(ringing.map(callOf));

  list('ringing', ringing, (fields, alert) => {
    writeCaller(fields, { ...alert, callerName: nameOf(alert) });
    write(fields.timer, length(alert.at, now));
  });
  list('callbacks', callbacks, (fields, callback) => {
    const isToday = new Date(callback.lastMissedAt).toDateString() === new Date(now).toDateString();
    time(fields.time, callback.lastMissedAt, isToday ? clock : clockOfOtherDay);
    // A name that becomes known later is in the row of the call.
    writeCaller(fields, { ...callback, callerName: callOf(callback)?.callerName ?? callback.callerName });
    write(fields.calls, [texts.unansweredCalls(callback.count), ...callback.attempts ? [texts.attempts(callback.attempts)] : []].join(', '));
    write(fields.back, texts.calledBack);
  });
  list('calls', calls.filter(filters[view.filter]), (fields, call, item) => {
    const state = ringingCalls.has(call) ? 'ringing' : call.outcome;
    item.dataset.state = state;
    time(fields.time, call.at);
    writeCaller(fields, call);
    write(fields.outcome, texts[state]);
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

  if (view.online) ['ringing', 'callbacks', 'calls', 'records', 'alerts'].forEach(markLoaded);
  for (const button of document.querySelectorAll('#filters button')) {
    const name = button.dataset.filter;
    write(button.querySelector('b'), String(calls.filter(filters[name]).length));
    button.setAttribute('aria-pressed', String(name === view.filter));
  }
  write(document.getElementById('callbacks-count'), String(callbacks.length));
  const link = document.getElementById('link');
  write(link, view.online ? texts.online : texts.offline);
  link.dataset.online = view.online;
  document.title = ringing.length ? `(${ringing.length}) ${texts.title}` : texts.title;
  return ringing.map(alert => ({ ...alert, callerName: nameOf(alert) }));
}

const newestFirst = rows => [...rows.values()].reverse().sort((a, b) => a.at < b.at ? 1 : a.at > b.at ? -1 : 0);

// An item keeps its element as long as its row is shown, so that a screen reader announces a ringing call once.
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
  const current = new Set(items);
  old.forEach(item => current.has(item) || item.remove());
  items.forEach((item, place) => element.children[place] === item || element.insertBefore(item, element.children[place] ?? null));
}

// Before the first load an empty list shows no message, since it is not known yet whether it is empty.
export const markLoaded = list => document.getElementById(list).removeAttribute('aria-busy');

export function writeCaller({ name, number }, { callerName, chatId }) {
  const phone = /^(\d{7,15})@c\.us$/.exec(chatId ?? '')?.[1];
  const shown = phone ? `+${phone}` : chatId ?? '';
  write(name, callerName || shown || texts.anonymous);
  // The digits of other ids are not a number that could be called.
  write(number, phone && callerName && shown !== callerName ? shown : '');
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
