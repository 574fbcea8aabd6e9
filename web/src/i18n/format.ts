// Numbers, durations and times as the reader's language writes them. Measured durations adapt their unit: 312 µs, 4.8 ms, 1.24 s.
import { language, locale } from './language';

const formats = new Map<string, Intl.NumberFormat>();
function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale(), options)));
  return format;
}

export const formatNumber = (value: number): string => numbers({ maximumFractionDigits: 2 }).format(value);

const unitNames = {
  en: { us: 'µs', ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd' },
  ru: { us: 'мкс', ms: 'мс', s: 'с', min: 'мин', h: 'ч', d: 'д' },
  ja: { us: 'µs', ms: 'ms', s: '秒', min: '分', h: '時間', d: '日' },
} as const;
const unit = (name: keyof (typeof unitNames)['en']) => unitNames[language.value][name];

// Three figures at most, none invented: 312 µs, 4.8 ms, 48 ms, 1.24 s.
export function formatMicros(us: number | null | undefined): string {
  if (us === null || us === undefined) return '–';
  const digits = (value: number, most: number) => numbers({ maximumFractionDigits: most }).format(value);
  if (us < 999.5) return `${digits(us, 0)} ${unit('us')}`;
  if (us < 99_950) return `${digits(us / 1000, 1)} ${unit('ms')}`;
  if (us < 999_500) return `${digits(us / 1000, 0)} ${unit('ms')}`;
  return `${digits(us / 1_000_000, us < 10_000_000 ? 2 : 1)} ${unit('s')}`;
}

// How long something has lasted, in its two largest units: 4 min 12 s, 3 h 20 min, 12 d 4 h.
export function formatDuration(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const gap = language.value === 'ja' ? '' : ' ';
  const one = (n: number, name: Parameters<typeof unit>[0]) => `${formatNumber(n)}${gap}${unit(name)}`;
  const two = (a: string, n: number, name: Parameters<typeof unit>[0]) => (n > 0 ? `${a} ${one(n, name)}` : a);
  if (s < 60) return one(s, 's');
  if (s < 3600) return two(one(Math.floor(s / 60), 'min'), s % 60, 's');
  if (s < 86_400) return two(one(Math.floor(s / 3600), 'h'), Math.floor((s % 3600) / 60), 'min');
  return two(one(Math.floor(s / 86_400), 'd'), Math.floor((s % 86_400) / 3600), 'h');
}

// One unit, for dense tables: 8 s, 4 min, 3 h, 12 d.
export function formatAge(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const gap = language.value === 'ja' ? '' : ' ';
  const one = (n: number, name: Parameters<typeof unit>[0]) => `${formatNumber(Math.floor(n))}${gap}${unit(name)}`;
  if (s < 60) return one(s, 's');
  if (s < 3600) return one(s / 60, 'min');
  if (s < 86_400) return one(s / 3600, 'h');
  return one(s / 86_400, 'd');
}

// Availability never rounds up to a whole: 99.996 % is not 100 %.
export function formatPercent(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–';
  const shown = Math.floor(share * 100_000 + 1e-9) / 100_000;
  return numbers({ style: 'percent', minimumFractionDigits: shown === 1 ? 0 : 2, maximumFractionDigits: shown > 0.999 && shown < 1 ? 3 : 2 }).format(shown);
}

export function formatBytes(bytes: number): string {
  const steps = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let step = 0;
  let value = bytes;
  while (value >= 1000 && step < steps.length - 1) {
    value /= 1000;
    step += 1;
  }
  // "77 byte" is what the short form gives in English.
  return numbers({ style: 'unit', unit: steps[step]!, unitDisplay: step === 0 ? 'long' : 'short', maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 }).format(value);
}

const dates = new Map<string, Intl.DateTimeFormat>();
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${JSON.stringify(options)}`;
  let format = dates.get(key);
  if (!format) dates.set(key, (format = new Intl.DateTimeFormat(locale(), options)));
  return format;
}
type When = string | number | Date;
export const formatTime = (at: When): string => dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at));
export const formatDateTime = (at: When): string =>
  dateFormat({ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' }).format(new Date(at));
export const formatDay = (at: When): string => dateFormat({ year: 'numeric', month: 'short', day: 'numeric' }).format(new Date(at));
// "5 minutes ago", "in 2 hours".
export function formatRelative(at: When, now: number): string {
  const exact = Math.round((new Date(at).getTime() - now) / 1000);
  // Our now ticks once a second: what has just happened is not yet to come.
  const s = exact > 0 && exact <= 2 ? 0 : exact;
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  const size = Math.abs(s);
  if (size < 60) return relative.format(s, 'second');
  if (size < 3600) return relative.format(Math.trunc(s / 60), 'minute');
  if (size < 86_400) return relative.format(Math.trunc(s / 3600), 'hour');
  return relative.format(Math.trunc(s / 86_400), 'day');
}
