// Tells the operator that somebody rings, where he allowed it: a notification of the browser, and a sound.

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

// Called with everybody who rings. Who rang before the page was there is in front of the operator already.
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

// Two short tones. A browser lets a page sound after its first click, which the button's may have been days ago: then it stays silent.
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
