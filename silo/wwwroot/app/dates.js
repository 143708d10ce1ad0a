// Dates: a column of them has days since 1970-01-01 UTC, which people read as dates.
const day = 86_400_000; // ms
const ofMonths = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000]; // between marks, from a month to five centuries
const ofDays = [1 / 24, 1 / 12, 1 / 8, 1 / 4, 1 / 2, 1, 2, 5, 10];
const meanMonth = 30.44; // days

/** 2001-01-31, or with its time 2001-01-31 12:30; of what lies in none of the years 1 to 9999 its number. */
export function dateText(days, hasTime = false) {
  const moment = new Date(Math.round(days * day));
  const year = moment.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return String(days);
  return moment.toISOString().slice(0, hasTime ? 16 : 10).replace('T', ' ');
}

/** The days of such a text, or of their number; NaN of any other. */
export function daysOf(text) {
  const [, date, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?Z?$/.exec(text) ?? [];
  return date ? Date.parse(`${date}T${time}Z`) / day : text === '' ? NaN : Number(text);
}

/** A few dates between two ends: beginnings of years or months, days, or hours. */
export function datesBetween(low, high, most) {
  const least = (high - low) / most; // days
  const months = least > ofDays.at(-1) && (ofMonths.find(step => step * meanMonth >= least) ?? ofMonths.at(-1));
  return months ? byMonths(low, high, months) : byDays(low, high, ofDays.find(step => step >= least) ?? ofDays.at(-1));
}

function byMonths(low, high, step) {
  const found = [];
  const begin = new Date(low * day);
  for (let month = Math.ceil((12 * (begin.getUTCFullYear() - 2000) + begin.getUTCMonth()) / step) * step; ; month += step) {
    const days = Date.UTC(2000, month) / day;
    if (days > high) return found;
    if (days >= low) found.push(days);
  }
}

function byDays(low, high, step) {
  const found = [];
  for (let number = Math.ceil(low / step); number * step <= high; number++) found.push(number * step);
  return found;
}

/** How marks are written: as short as tells them apart. */
export function dateMarks(days) {
  const texts = days.map(value => dateText(value, true));
  const end = texts.every(text => text.endsWith('-01-01 00:00')) ? 4 : texts.every(text => text.endsWith('-01 00:00')) ? 7 : texts.every(text => text.endsWith(' 00:00')) ? 10 : 16;
  return texts.map(text => text.slice(0, end));
}
