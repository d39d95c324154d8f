// Alerts the operator to ringing calls, if the operator switched that on: with a browser notification and a sound.

import { texts } from './texts.js';

const button = document.getElementById('alert-me');
const open = new Map();
let sound;
let seen;

export function start() {
  show(localStorage.getItem('alert-me') === 'on');
  button.addEventListener('click', async () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    localStorage.setItem('alert-me', isOn ? 'on' : 'off');
    show(isOn);
    if (isOn) {
      beep();
      await self.Notification?.requestPermission();
      show(isOn);
    }
  });
}

// Called with all ringing calls. Calls that were ringing when the page was opened raise no notification, since the operator sees them already.
export function draw(ringing) {
  const fresh = seen ? ringing.filter(alert => !seen.has(alert.id)) : [];
  seen = new Set(ringing.map(alert => alert.id));
  open.forEach((notification, id) => seen.has(id) || close(notification, id));
  if (fresh.length === 0 || button.getAttribute('aria-pressed') !== 'true') return;
  beep();
  if (self.Notification?.permission === 'granted') fresh.forEach(notify);
}

function notify(alert) {
  const notification = new Notification(alert.callerName || texts.anonymous, { body: texts.ringing, tag: alert.id, icon: 'favicon.svg' });
  notification.addEventListener('click', () => window.focus());
  open.set(alert.id, notification);
}

function close(notification, id) {
  notification.close();
  open.delete(id);
}

function show(isOn) {
  button.setAttribute('aria-pressed', String(isOn));
  button.title = isOn && self.Notification?.permission !== 'granted' ? texts.alertsBlocked : '';
}

// Two short tones. A browser allows sound only after a click on the page. If the switch was set in an earlier session, the page stays silent until the first click.
function beep() {
  sound ??= new AudioContext();
  sound.resume();
  for (const [at, pitch] of [[0, 660], [0.18, 880]]) {
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const volume = new GainNode(sound, { gain: 0.12 });
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + at);
    tone.stop(sound.currentTime + at + 0.14);
  }
}
