// Makes the drawn lanes of the schedule answer to pointer and keys. The page works without it: the words beside each lane say the same.

import { localOf, momentText } from './zones.js';

const MINUTE = 60_000;
const PAGE = 180;

class Lanes {
  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.start = Date.parse(this.words.start);
    this.now = place.querySelector('#now');
    this.tip = place.querySelector('.lanes__tip');
    this.rtl = document.documentElement.dir === 'rtl';
  }

  begin() {
    this.place.querySelectorAll('[data-lane]').forEach((row) => new Lane(this, row).begin());
    this.tick();
    setInterval(() => this.tick(), MINUTE);
  }

  // Where the present is; beyond the window's end nothing is drawn.
  tick() {
    const minute = this.minuteNow();
    const { width, height } = this.place.querySelector('.lane__time').viewBox.baseVal;
    this.now.setAttribute('d', minute >= 0 && minute < width ? `M${minute} 0V${height}` : '');
  }

  minuteNow() {
    return Math.floor((Date.now() - this.start) / MINUTE);
  }

  at(minute) {
    return new Date(this.start + minute * MINUTE);
  }
}

class Lane {
  constructor(lanes, row) {
    this.lanes = lanes;
    this.row = row;
    this.frame = row.querySelector('.lane__frame');
    this.drawn = row.querySelector('.lane__time');
    this.length = this.drawn.viewBox.baseVal.width;
    this.step = Number(row.dataset.step);
    this.zone = row.closest('[data-zone]').dataset.zone;
    this.spans = [...this.drawn.querySelectorAll('path')].flatMap(spansOf);
    this.cursor = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    this.cursor.setAttribute('class', 'lane__cursor');
  }

  begin() {
    const { frame } = this;
    frame.tabIndex = 0;
    frame.setAttribute('role', 'slider');
    frame.setAttribute('aria-label', this.lanes.words.textLabel.replace('{instrument}', this.row.querySelector('h3').textContent));
    frame.setAttribute('aria-valuemin', '0');
    frame.setAttribute('aria-valuemax', String(this.length));
    this.move(Math.min(Math.max(this.lanes.minuteNow(), 0), this.length - 1), false);
    frame.addEventListener('pointermove', (event) => this.move(this.minuteOf(event)));
    frame.addEventListener('pointerleave', () => this.hide());
    frame.addEventListener('click', (event) => { this.move(this.minuteOf(event)); this.choose(); });
    frame.addEventListener('focus', () => { if (frame.matches(':focus-visible')) this.move(this.minute); });
    frame.addEventListener('blur', () => this.hide());
    frame.addEventListener('keydown', (event) => this.key(event));
  }

  minuteOf(event) {
    const box = this.frame.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(Math.max(Math.floor((this.lanes.rtl ? 1 - share : share) * this.length), 0), this.length - 1);
  }

  key(event) {
    const ahead = this.lanes.rtl ? -this.step : this.step;
    const steps = {
      ArrowRight: ahead, ArrowLeft: -ahead, ArrowUp: this.step, ArrowDown: -this.step, PageUp: PAGE, PageDown: -PAGE, Home: -this.length, End: this.length,
    };
    if (event.key === 'Enter' || event.key === ' ') this.choose();
    else if (event.key in steps) this.move(Math.min(Math.max(this.minute + steps[event.key], 0), this.length - 1));
    else return;
    event.preventDefault();
  }

  // To the beginning of the instrument's own grid step in which the minute lies.
  move(minute, shows = true) {
    const [hours, minutes] = localOf(this.lanes.at(minute), this.zone).slice(11, 16).split(':').map(Number);
    this.minute = Math.max(minute - ((hours * 60 + minutes) % this.step), 0);
    this.frame.setAttribute('aria-valuenow', String(this.minute));
    this.frame.setAttribute('aria-valuetext', this.told());
    this.frame.classList.toggle('is-free', this.isFree());
    if (shows) this.show();
  }

  what() {
    if (this.minute + this.step <= this.lanes.minuteNow()) return { kind: 'past' };
    return this.spans.findLast(({ from, until }) => from <= this.minute && this.minute < until) ?? { kind: 'free' };
  }

  isFree() {
    return ['free', 'partly'].includes(this.what().kind);
  }

  told() {
    const { kind } = this.what();
    const clocks = [this.lanes.words.zone, this.zone].map((zone) => momentText(this.lanes.at(this.minute), zone));
    const times = clocks[0] === clocks[1] ? clocks[0] : `${clocks[0]} (${clocks[1]})`;
    return `${times}: ${this.lanes.words[`text${kind[0].toUpperCase()}${kind.slice(1)}`]}`;
  }

  show() {
    this.cursor.setAttribute('d', `M${this.minute} 0V24`);
    this.drawn.append(this.cursor);
    this.lanes.tip.textContent = this.told();
    this.lanes.tip.hidden = false;
    this.frame.append(this.lanes.tip);
  }

  hide() {
    this.cursor.remove();
    this.lanes.tip.hidden = true;
  }

  choose() {
    const { url } = this.what();
    if (url) window.location.assign(url);
    if (!this.isFree()) return;
    const address = new URL(this.row.dataset.lane, window.location.href);
    address.searchParams.set('start', this.lanes.at(this.minute).toISOString().replace('.000Z', 'Z'));
    address.hash = 'request';
    window.location.assign(address);
  }
}

// What a path covers: it is drawn from `M<from> …` to `H<until>`, stretch by stretch.
function spansOf(path) {
  const kind = path.getAttribute('class').replace('is-', '');
  return [...path.getAttribute('d').matchAll(/M(\d+) \d+H(\d+)/g)].map(([, from, until]) => ({ kind, from: Number(from), until: Number(until), url: path.dataset.url }));
}

document.querySelectorAll('[data-lanes]').forEach((place) => new Lanes(place).begin());
