// Moves a booking on the drawn week: by dragging its ends or all of it, or by keys from a button that stands for it.
// Whatever is done fills in the form of the same page, and that form is what is sent.

import { instantOf, localOf, momentText } from './zones.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const OWN = 'own';

function element(name, className, text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function button(className, text, pressed) {
  const made = element('button', `button ${className}`, text);
  made.type = 'button';
  made.addEventListener('click', pressed);
  return made;
}

// The same wall time some days later; a time that the clocks skip there moves by whole days of 24 hours.
function daysLater(instant, days, zone) {
  const wall = new Date(Date.parse(`${localOf(instant, zone)}Z`) + days * DAY).toISOString().slice(0, 19);
  return instantOf(wall, zone) ?? new Date(instant.getTime() + days * DAY);
}

export class Mover {
  constructor(week) {
    this.week = week;
    this.words = week.words;
    this.zone = this.words.timeZone;
    this.original = { from: new Date(this.words.ownFrom), until: new Date(this.words.ownUntil) };
    this.slot = this.original;
    this.form = document.getElementById(this.words.form);
    [this.step, this.shortest, this.longest] = ['Step', 'Shortest', 'Longest'].map((name) => Number(this.words[`own${name}`]) * MINUTE);
  }

  get isMoved() {
    return this.slot !== this.original;
  }

  panel() {
    const panel = element('div', 'week-calendar__mover');
    const application = element('div');
    application.setAttribute('role', 'application'); // screen readers hand on the arrow keys
    application.setAttribute('aria-label', this.words.textOwn);
    this.handle = button('button--secondary week-calendar__handle', '', (event) => { if (event.detail === 0) this.send(); });
    this.handle.setAttribute('aria-describedby', 'mover-keys');
    this.handle.addEventListener('keydown', (event) => this.pressed(event));
    application.append(this.handle);
    const keys = element('p', 'muted', this.words.textKeys);
    keys.id = 'mover-keys';
    this.told = element('p', 'week-calendar__told');
    this.told.setAttribute('role', 'status');
    this.choice = element('div', 'buttons');
    this.choice.hidden = true;
    this.choice.append(
      button('button--primary', this.words.textConfirm, () => this.send()),
      button('button--quiet', this.words.textUndo, () => { this.undo(); this.handle.focus(); }),
    );
    panel.append(application, keys, this.told, this.choice);
    this.name();
    return panel;
  }

  options() {
    return {
      snapDuration: { minutes: this.step / MINUTE },
      eventDurationEditable: false, // but for the booking itself
      eventResizableFromStart: true,
      eventDrop: ({ event }) => this.dropped(event),
      eventResize: ({ event }) => this.resized(event),
      dateClick: ({ date }) => this.startAt(this.week.instantAt(date)),
    };
  }

  event() {
    return {
      id: OWN,
      start: localOf(this.slot.from, this.week.zone),
      end: localOf(this.slot.until, this.week.zone),
      title: this.words.textOwn,
      classNames: ['is-own'],
      startEditable: true,
      durationEditable: true,
      extendedProps: {},
    };
  }

  // Dragged as a whole it keeps its length, also over a change of the clocks.
  dropped(event) {
    this.startAt(this.week.instantAt(event.start));
  }

  resized(event) {
    this.put(this.week.instantAt(event.start), this.week.instantAt(event.end));
  }

  startAt(from) {
    this.put(from, from && new Date(from.getTime() + (this.slot.until - this.slot.from)));
  }

  put(from, until) {
    const length = until - from;
    if (!from || !until || length < this.shortest || length > this.longest) {
      this.draw(); // back to where it was
      return;
    }
    this.slot = { from, until };
    this.changed();
    this.tell();
  }

  undo() {
    this.slot = this.original;
    this.changed();
    this.told.textContent = this.words.textUndone;
  }

  changed() {
    this.choice.hidden = !this.isMoved;
    this.fill();
    this.name();
    this.draw();
  }

  pressed(event) {
    if (event.key === 'Escape') this.undo();
    else if (event.key === 'Enter') this.send();
    else if (!this.arrow(event)) return;
    event.preventDefault();
  }

  // In a page from right to left the next day is on the left.
  arrow({ key, shiftKey }) {
    const onward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const sideways = ['ArrowLeft', 'ArrowRight'].includes(key);
    if (!sideways && !['ArrowUp', 'ArrowDown'].includes(key)) return false;
    const way = key === onward || key === 'ArrowDown' ? 1 : -1;
    const { from, until } = this.slot;
    if (shiftKey) this.put(from, new Date(until.getTime() + way * this.step));
    else this.startAt(sideways ? daysLater(from, way, this.zone) : new Date(from.getTime() + way * this.step));
    return true;
  }

  send() {
    if (this.isMoved) this.form.requestSubmit();
  }

  fill() {
    const [from, until] = [this.slot.from, this.slot.until].map((instant) => localOf(instant, this.zone));
    const [firstDay, lastDay] = [from, until].map((local) => local.slice(0, 10));
    const values = { day: firstDay, start: from.slice(11, 16), end: until.slice(11, 16), ends_on: lastDay === firstDay ? '' : lastDay };
    Object.entries(values).forEach(([name, value]) => { document.getElementById(`field-${name}`).value = value; });
    const clock = this.form.querySelector('[name="zone"][value="instrument"]');
    if (clock) clock.checked = true;
    document.getElementById('field-start').dispatchEvent(new Event('input', { bubbles: true }));
  }

  draw() {
    const { calendar, zone } = this.week;
    const { activeStart, activeEnd } = calendar.getView();
    const [from] = [this.slot.from].map((instant) => localOf(instant, zone));
    const day = new Date(from.slice(0, 10).replaceAll('-', '/'));
    if (day < activeStart || day >= activeEnd) calendar.setOption('date', from.slice(0, 10));
    else calendar.updateEvent(this.event());
  }

  name() {
    this.handle.textContent = `${this.words.textOwn}: ${this.times(this.zone)}`;
  }

  // The new time on both clocks, and whether it is free as far as this page knows.
  tell() {
    if (!this.isMoved) return;
    const { timeZone, readerZone, zoneName, readerZoneName, textNewTime, textNotFree } = this.words;
    const clocks = [[timeZone, zoneName], ...(readerZone && readerZone !== timeZone ? [[readerZone, readerZoneName]] : [])];
    const times = clocks.map(([zone, name]) => `${this.times(zone)}, ${name}`).join(' · ');
    const taken = this.week.knows(this.slot) && !this.week.isFree(this.slot.from, this.slot.until);
    this.told.textContent = [textNewTime.replace('{time}', times), taken ? textNotFree : ''].join(' ').trim();
    this.told.classList.toggle('is-wrong', taken);
  }

  times(zone) {
    return [this.slot.from, this.slot.until].map((instant) => momentText(instant, zone)).join(' – ');
  }
}
