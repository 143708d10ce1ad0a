// Figures as people read them: the digits that matter, and a dash where there is nothing to say.
const whole = new Intl.NumberFormat('en');
const clockTime = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const minuteTime = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const dayOnly = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayTime = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export const none = '–';

export const isNumber = value => typeof value === 'number' && Number.isFinite(value);

export const count = value => isNumber(value) ? whole.format(Math.round(value)) : none;

/** Likelihoods: nats a row, four digits behind the point where they are small. */
export const nats = value => isNumber(value) ? minus(value.toFixed(Math.abs(value) < 100 ? 4 : 2)) : none;

/** A number of any size in so many digits. */
export function figure(value, digits = 4) {
  if (!isNumber(value)) return none;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return minus(value.toExponential(Math.max(0, digits - 2)).replace(/\.?0+e/, 'e').replace('e+', 'e'));
  if (size >= 10 ** (digits - 1)) return minus(whole.format(Math.round(value)));
  return minus(String(Number(value.toPrecision(digits))));
}

/** A mark on an axis. */
export const mark = value => minus(value.toLocaleString('en', { maximumSignificantDigits: 10 }));

/** A value of a column, in the digits that tell it from others in its range. */
export function within(value, span) {
  if (!isNumber(value)) return none;
  const digits = span > 0 ? Math.max(0, Math.min(8, 3 - Math.floor(Math.log10(span)))) : 3;
  return minus(value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits }));
}

/** 1,234 or 56.7k. */
export function rate(value) {
  if (!isNumber(value)) return none;
  for (const [size, unit] of [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']])
    if (value >= size) return `${figure(value / (unit === 'k' ? 1e3 : size), 3)}${unit}`;
  return value < 10 ? figure(value, 2) : count(value);
}

export function bytes(value) {
  if (!isNumber(value)) return none;
  const power = Math.min(4, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return `${figure(value / 1024 ** power, 3)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

export function duration(seconds) {
  if (!isNumber(seconds) || seconds < 0) return none;
  if (seconds < 1) return `${figure(seconds * 1000, 3)} ms`;
  if (seconds < 60) return `${figure(seconds, 2)} s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${Math.floor(seconds % 60)} s`;
}

export const percent = value => isNumber(value) ? `${figure(100 * value, 3)} %` : none;

/** Hours, minutes and seconds of a moment. */
export const clock = moment => clockTime.format(moment);

/** Moments in seconds since 1970 as marks of an axis: seconds, minutes or days, whichever tells them apart. */
export function timeMarks(seconds) {
  const step = seconds[1] - seconds[0];
  const format = step >= 86_400 ? dayOnly : step >= 60 ? minuteTime : clockTime;
  return seconds.map(moment => format.format(1000 * moment));
}

/** The day too. */
export const day = moment => moment ? dayTime.format(new Date(moment)) : none;

/** The last part of a path. */
export const leaf = path => String(path ?? '').split('/').filter(Boolean).pop() ?? '';

const minus = text => String(text).replace('-', '−');
