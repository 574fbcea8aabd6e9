// The language of the pages: chosen by the reader, else the first of the browser's that we have.
import { signal } from '@preact/signals';

export const languages = { en: 'English', ru: 'Русский', ja: '日本語' } as const;
export type Language = keyof typeof languages;
const kKey = 'tocsin.language';

export function pickLanguage(stored: string | null, wanted: readonly string[]): Language {
  for (const tag of [stored, ...wanted]) {
    const base = tag?.toLowerCase().split('-')[0];
    if (base && base in languages) return base as Language;
  }
  return 'en';
}

function stored(): string | null {
  try {
    return localStorage.getItem(kKey);
  } catch {
    return null;
  }
}

const inBrowser = typeof document !== 'undefined';
export const language = signal<Language>(inBrowser ? pickLanguage(stored(), navigator.languages) : 'en');
// The locale for numbers and dates: the browser's own variant of the language when it has one (en-GB), else the language.
export const locale = (): string =>
  (inBrowser ? navigator.languages.find((tag) => tag.toLowerCase().startsWith(language.value)) : undefined) ?? language.value;

if (inBrowser) document.documentElement.lang = language.value;

export function setLanguage(next: Language): void {
  language.value = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(kKey, next);
  } catch {
    // Not kept then.
  }
}
