// Clock times of IANA zones, by the browser's own tables.

const formats = new Map();

function partsFormat(zone) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn',
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    }));
  }
  return formats.get(zone);
}

/** The clock of `zone` at an instant (Date), as `YYYY-MM-DDTHH:MM:SS`. */
export function localOf(instant, zone) {
  const part = Object.fromEntries(partsFormat(zone).formatToParts(instant).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

/** The first instant (Date) at which the clock of `zone` shows `local` (`YYYY-MM-DDTHH:MM[:SS]`); null where it never does. */
export function instantOf(local, zone) {
  const wanted = local.length === 16 ? `${local}:00` : local;
  const asUtc = Date.parse(`${wanted}Z`);
  if (Number.isNaN(asUtc)) return null;
  const offsetAt = (time) => Date.parse(`${localOf(new Date(time), zone)}Z`) - time;
  const day = 24 * 3600 * 1000;
  const candidates = [offsetAt(asUtc - day), offsetAt(asUtc + day)].map((offset) => asUtc - offset);
  const found = candidates.filter((time) => localOf(new Date(time), zone) === wanted);
  return found.length ? new Date(Math.min(...found)) : null;
}

/** An instant in words, on the clock of `zone` and in the page's language. */
export function momentText(instant, zone) {
  return momentFormat(zone).format(instant);
}

/** One or two instants in words; the day is said once where both are on the same. */
export function spanText([from, until], zone) {
  return until && from < until ? momentFormat(zone).formatRange(from, until) : momentText(from, zone);
}

function momentFormat(zone) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
}
