// Texts, numbers and times in the reader's language. Texts come from the properties file through the page.

const root = document.getElementById('okta-profiles');
const texts = JSON.parse(root.dataset.texts);
const locale = bestLocale(document.documentElement.lang);
const prefix = 'okta-profiles.page.';

/** The language of Jira's page; if that is unknown, the browser's language. */
function bestLocale(name) {
  try {
    return Intl.getCanonicalLocales((name || '').replaceAll('_', '-'))[0] || undefined;
  } catch {
    return undefined;
  }
}

/** The text of a key, with {0}, {1}… replaced. A missing text shows its key, so that a test can see it. */
export function t(key, ...values) {
  const pattern = texts[prefix + key];
  if (pattern === undefined) {
    return prefix + key;
  }
  return pattern.replaceAll("''", "'").replace(/\{(\d)\}/g, (whole, index) => values[index] ?? '');
}

/** The text of a key, or another text if there is none (for a value that is newer than this page). */
export function tOr(key, other) {
  return texts[prefix + key] === undefined ? other : t(key);
}

/** The text of key.one or key.other, by the count. */
export function plural(key, count, ...values) {
  const form = new Intl.PluralRules(locale).select(count) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}`, number(count), ...values);
}

export function number(value) {
  return new Intl.NumberFormat(locale).format(value);
}

export function percent(part) {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(part);
}

export function bytes(value) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const options = { style: 'unit', unit: units[unit], maximumFractionDigits: unit ? 1 : 0 };
  return new Intl.NumberFormat(locale, options).format(size);
}

/** A point in time, given as ISO text or as milliseconds since 1970. */
export function when(value) {
  if (value === null || value === undefined || value === '') {
    return t('never');
  }
  const date = new Date(value);
  const options = { dateStyle: 'medium', timeStyle: 'short' };
  return Number.isNaN(date.getTime()) ? String(value) : new Intl.DateTimeFormat(locale, options).format(date);
}

/** A short time span, such as 1.3 s, at least a tenth of a second; a long one in its two largest units. */
export function seconds(ms) {
  const options = { style: 'unit', unit: 'second', unitDisplay: 'short', maximumFractionDigits: 1 };
  return ms < 60_000 ? new Intl.NumberFormat(locale, options).format(Math.max(ms, 100) / 1000) : duration(ms);
}

/** A time span in its two largest units, such as 2 min 5 s. */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) {
    return t('time.under-a-second');
  }
  const parts = [
    ['day', Math.floor(seconds / 86400)],
    ['hour', Math.floor(seconds / 3600) % 24],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count))
    .join(' ');
}
