// Reads an iCalendar file from standard input with ical.js and writes its occurrences as JSON: UID, start, end and status.
// Zones are those of the file alone, so that our VTIMEZONE is what is tested.

import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')));
calendar.getAllSubcomponents('vtimezone').forEach((zone) => ICAL.TimezoneService.register(zone));
const instant = (time) => new Date(time.toUnixTime() * 1000).toISOString();
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component);
  const zone = event.startDate.zone.tzid;
  if (zone !== 'UTC' && !ICAL.TimezoneService.has(zone)) throw new Error(`no VTIMEZONE for ${zone}`);
  return { uid: event.uid, start: instant(event.startDate), end: instant(event.endDate), status: component.getFirstPropertyValue('status') };
});
process.stdout.write(JSON.stringify(events));
