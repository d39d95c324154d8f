// Draws the state of inbox, instances and health checks. Everything is written as text, never as HTML.

import { locale, texts } from './texts.js';
import { markLoaded, length } from './view.js';

const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'medium' });
const when = at => clock.format(Date.parse(at));

export function drawStatus({ now, inbox, instances, checks, reports }) {
  fill('figures', 'figure', [
    [texts.depth, inbox.depth],
    [texts.age, inbox.waitingSince ? length(inbox.waitingSince, now) : '–'],
    [texts.deadLetterCount, inbox.deadLetters],
    [texts.quarantinedCount, inbox.quarantined],
  ], (fields, [what, number]) => {
    fields.what.textContent = what;
    fields.number.textContent = number;
  });
  fill('instances', 'instances-item', instances, (fields, instance, item) => {
    const report = reports?.find(one => one.idInstance === instance.idInstance);
    fields.name.textContent = `${instance.idInstance} · ${texts[instance.receive]}`;
    fields.last.textContent = [
      instance.lastCallAt ? texts.lastCall(when(instance.lastCallAt)) : texts.noCallYet,
      ...report ? [texts.examinedAt(when(report.examinedAt))] : [],
    ].join(' · ');
    fields.findings.replaceChildren(...(report?.findings ?? []).map(finding => {
      const line = document.createElement('li');
      line.dataset.severity = finding.severity;
      line.textContent = [finding.message, finding.advice].filter(Boolean).join(' ');
      return line;
    }));
    item.dataset.severity = report?.severity ?? '';
  });
  fill('checks', 'checks-item', checks, (fields, check) => {
    fields.name.textContent = check.name;
    fields.why.textContent = check.description ?? '';
    fields.status.textContent = texts[check.status];
    fields.status.dataset.status = check.status;
  });
}

function fill(list, template, rows, write) {
  markLoaded(list);
  document.getElementById(list).replaceChildren(...rows.map(row => {
    const item = document.getElementById(template).content.firstElementChild.cloneNode(true);
    write(Object.fromEntries([...item.querySelectorAll('[data-field]')].map(field => [field.dataset.field, field])), row, item);
    return item;
  }));
}
