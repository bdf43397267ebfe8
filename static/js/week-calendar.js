// Draws an instrument's week above the list of the same week. The page works without it.

import { instantOf, localOf } from './zones.js';

const BUSY_KINDS = new Set(['maintenance', 'closure', 'closed', 'blocking']);

function element(name, className, text = '') {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

// The library is fetched when the calendar comes near the screen: the page itself stays light.
function load(place) {
  return new Promise((resolve, reject) => {
    const tag = document.createElement('script');
    tag.src = place.dataset.library;
    tag.onload = resolve;
    tag.onerror = reject;
    document.head.append(tag);
  });
}

class Week {
  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.zone = this.words.timeZone;
    this.free = [];
  }

  async start() {
    this.mover = await this.moverOf(); // of a booking that is to be moved
    this.place.hidden = false;
    const frame = element('div', 'week-calendar__frame');
    frame.tabIndex = 0;
    frame.setAttribute('role', 'group');
    frame.setAttribute('aria-label', this.words.textHelp);
    this.place.append(this.bar(), ...(this.mover ? [this.mover.panel()] : []), frame, this.key());
    this.calendar = window.EventCalendar.create(frame, this.options());
    // The library draws cells of a table although it is no table; the list below is what screen readers are given.
    frame.querySelector('.ec')?.removeAttribute('role');
    frame.querySelector('.ec-main')?.setAttribute('aria-hidden', 'true');
  }

  // Fetched only where a booking is moved.
  async moverOf() {
    if (!this.words.ownFrom) return null;
    const { Mover } = await import('./booking-mover.js');
    return new Mover(this);
  }

  bar() {
    const bar = element('div', 'week-calendar__bar');
    bar.append(element('p', 'muted', this.words.textHelp));
    const { timeZone, readerZone, textInstrumentTime, textReaderTime } = this.words;
    if (readerZone && readerZone !== timeZone) bar.append(this.zoneButtons([[timeZone, textInstrumentTime], [readerZone, textReaderTime]]));
    return bar;
  }

  zoneButtons(zones) {
    const group = element('div', 'week-calendar__zones');
    zones.forEach(([zone, label]) => {
      const button = element('button', 'button', label);
      button.type = 'button';
      button.setAttribute('aria-pressed', String(zone === this.zone));
      button.addEventListener('click', () => {
        this.zone = zone;
        [...group.children].forEach((other) => other.setAttribute('aria-pressed', String(other === button)));
        this.calendar.refetchEvents();
      });
      group.append(button);
    });
    return group;
  }

  key() {
    const list = element('ul', 'week-calendar__key');
    if (this.mover) list.append(element('li', 'is-own', this.words.textOwn));
    list.append(element('li', 'is-free', this.words.textFree), element('li', '', this.words.textBusy), element('li', 'is-maintenance', this.words.textMaintenance));
    return list;
  }

  options() {
    return {
      view: 'timeGridWeek',
      date: this.words.date || undefined,
      locale: this.words.lang,
      firstDay: Number(this.words.firstDay),
      direction: document.documentElement.dir,
      headerToolbar: { start: '', center: '', end: '' }, // the page's own links turn the week, in the list too
      duration: { days: 7 }, // from the date on, as in the list
      allDaySlot: false,
      dayHeaderFormat: (day) => this.dayHead(day),
      slotDuration: '01:00:00',
      slotHeight: 28,
      height: '33.25rem',
      scrollTime: '08:00:00',
      nowIndicator: false,
      slotEventOverlap: false,
      selectable: Boolean(this.words.bookUrl),
      selectBackgroundColor: '#0b6a7d',
      editable: false,
      eventStartEditable: false,
      eventSources: [{ events: (range) => this.events(range) }],
      eventDidMount: ({ el }) => { el.tabIndex = -1; }, // the list below is for the keyboard too
      eventClick: ({ event }) => { if (event.extendedProps.free) this.ask(event.start, event.end); },
      select: ({ start, end }) => this.ask(start, end),
      ...this.mover?.options(),
    };
  }

  // The weekday above the date, so that all seven heads are alike.
  dayHead(day) {
    const told = (how) => element('div', '', new Intl.DateTimeFormat(this.words.lang, how).format(day));
    return { domNodes: [told({ weekday: 'short' }), told({ month: 'numeric', day: 'numeric' })] };
  }

  async events({ startStr, endStr }) {
    const bounds = [startStr, endStr].map((text) => instantOf(`${text.slice(0, 10)}T00:00`, this.zone) ?? new Date(text));
    this.bounds = bounds;
    const address = new URL(this.words.source, window.location.href);
    address.searchParams.set('from', bounds[0].toISOString());
    address.searchParams.set('until', bounds[1].toISOString());
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    if (!answer.ok) return this.failed();
    const { free, busy } = await answer.json();
    this.free = free;
    this.mover?.tell();
    const slots = [...free.map((slot) => this.shown(slot, true)), ...busy.map((slot) => this.shown(slot, false))];
    return this.mover ? [...slots, this.mover.event()] : slots;
  }

  shown(slot, free) {
    const closed = BUSY_KINDS.has(slot.kind);
    const word = `text${(slot.kind ?? '').replace(/^./, (first) => first.toUpperCase())}`;
    return {
      start: localOf(new Date(slot.from), this.zone),
      end: localOf(new Date(slot.until), this.zone),
      title: slot.title || (free ? this.words.textFree : this.words[word]) || this.words.textBusy,
      classNames: [free ? 'is-free' : closed ? 'is-maintenance' : 'is-busy'],
      display: this.mover ? 'background' : 'auto', // the booking is moved over them
      extendedProps: { free },
    };
  }

  // Both ends are clock times of the zone shown; only time that lies in a free period is asked for.
  ask(start, end) {
    const [from, until] = [start, end].map((time) => this.instantAt(time));
    if (this.mover || !this.words.bookUrl || !this.isFree(from, until)) {
      this.calendar.unselect();
      this.mover?.put(from, until);
      return;
    }
    const address = new URL(this.words.bookUrl, window.location.href);
    address.searchParams.set('from', from.toISOString());
    address.searchParams.set('until', until.toISOString());
    window.location.assign(address);
  }

  instantAt(time) {
    return instantOf(clockText(time), this.zone);
  }

  isFree(from, until) {
    return this.free.some((slot) => new Date(slot.from) <= from && until <= new Date(slot.until));
  }

  // Whether what is free then has been fetched.
  knows({ from, until }) {
    return Boolean(this.bounds) && this.bounds[0] <= from && until <= this.bounds[1];
  }

  failed() {
    const told = element('p', 'notice notice--warning', this.words.textFailed);
    told.setAttribute('role', 'status');
    this.place.replaceChildren(told);
    return [];
  }
}

// A Date of the calendar carries the clock time of the zone shown as if it were the browser's own.
function clockText(time) {
  const two = (number) => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

function enhance(place) {
  const week = new Week(place);
  load(place).then(() => week.start(), () => { place.hidden = false; week.failed(); });
}

// On a phone the list below is the better calendar, and nothing more is fetched for it.
const isTooNarrow = (place) => !place.dataset.ownFrom && window.matchMedia('(max-width: 40rem)').matches;

document.querySelectorAll('[data-week-calendar]').forEach((place) => {
  if (isTooNarrow(place)) return;
  // Hidden elements are never near the screen: watch the one before.
  const watched = place.previousElementSibling ?? place.parentElement;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    enhance(place);
  }, { rootMargin: '300px' });
  observer.observe(watched);
});
