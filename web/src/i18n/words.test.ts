import { describe, expect, test } from 'vitest';
import { defineWords, everyWords, fill } from './words';

const files = import.meta.glob(['../**/words.ts', '../**/title.ts', '../lib/notices.ts', '../ui/{attempts,waterfall}.tsx', '!./words.ts'], { eager: true });

const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort().join(' ');
const forms = (entry: unknown): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry as Record<string, string>));

describe('words of every page', () => {
  test('there are some', () => {
    expect(Object.keys(files).length).toBeGreaterThan(2);
    expect(everyWords.length).toBeGreaterThan(2);
  });
  // A placeholder that a language forgets loses the value; one it invents shows as {braces}.
  test('have the same placeholders in every language', () => {
    for (const words of everyWords) {
      for (const [key, english] of Object.entries(words.all.en)) {
        const wanted = placeholders(forms(english).at(-1)!);
        for (const of of ['ru', 'ja'] as const) {
          for (const text of forms(words.all[of][key])) expect(`${of} ${key}: ${placeholders(text)}`).toBe(`${of} ${key}: ${wanted}`);
        }
      }
    }
  });
  test('are not empty and not left in English', () => {
    for (const words of everyWords) {
      for (const [key, english] of Object.entries(words.all.en)) {
        for (const of of ['ru', 'ja'] as const) {
          for (const text of forms(words.all[of][key])) {
            expect(text.trim(), `${of} ${key}`).not.toBe('');
            if (/[a-z]{3}.* [a-z]{3}/.test(String(english).replace(/\{\w+\}/g, ''))) expect(text, `${of} ${key}`).not.toBe(english);
          }
        }
      }
    }
  });
});

// Names stay as they are; all else is written in the script of its language.
test('nothing but names is in Latin letters alone', () => {
  const names = /^(Tocsin|API|DNS|TLS|ALPN|STARTTLS|JSON|CSV|NDJSON|Base64|Hex \+ ASCII|IPv[46]|p\d\d|Webhook|ID|CLI|YAML)$/;
  const scripts = { ru: /[а-яё]/i, ja: /[\u3040-\u30ff\u4e00-\u9fff]/ };
  for (const words of everyWords) {
    for (const of of ['ru', 'ja'] as const) {
      for (const [key, entry] of Object.entries(words.all[of])) {
        for (const text of forms(entry)) {
          const letters = text.replace(/\{\w+\}/g, '').trim();
          if (!scripts[of].test(letters) && /[a-z]/i.test(letters)) expect(letters, `${of} ${key}`).toMatch(names);
        }
      }
    }
  }
});
// The words of the trade are the same on every page (README.md, Terms).
test('no page has its own word for a term', () => {
  const strange = {
    ru: /узел|узла|Мигает|Вживую|Без звука|[Зз]вук выключ|файл\S* настройки|тегами?\b|Предел (времени|ожидания)/,
    ja: /ミュート中：|アサーション|進行中|送信断念|モニター/,
  };
  for (const words of everyWords) for (const of of ['ru', 'ja'] as const) for (const [key, entry] of Object.entries(words.all[of])) for (const text of forms(entry)) expect(text, `${of} ${key}`).not.toMatch(strange[of]);
});

// Russian has three forms, and 21 is one, 11 is many.
test('plurals follow the rules of the language', () => {
  const entry = { one: '{n} монитор', few: '{n} монитора', many: '{n} мониторов' };
  expect([1, 3, 5, 11, 21, 22].map((n) => fill(entry, 'ru', { n }))).toEqual(['1 монитор', '3 монитора', '5 мониторов', '11 мониторов', '21 монитор', '22 монитора']);
  expect(fill({ other: '{n}件' }, 'ja', { n: 1 })).toBe('1件');
  expect(fill({ one: '{n} check', other: '{n} checks' }, 'en', { n: 1 })).toBe('1 check');
});

test('a value is put in as it is, and a missing one stays visible', () => {
  expect(fill('Hello {name}', 'en', { name: '<b>' })).toBe('Hello <b>');
  expect(fill('Hello {name}', 'en', {})).toBe('Hello {name}');
});

test('types refuse a missing translation and a missing value', () => {
  // @ts-expect-error ja lacks the key
  defineWords({ en: { a: 'A' }, ru: { a: 'А' }, ja: {} });
  // @ts-expect-error ru lacks the form "many"
  defineWords({ en: { a: { one: '{n}', other: '{n}' } }, ru: { a: { one: '', few: '' } }, ja: { a: { other: '' } } });
  const words = defineWords({ en: { a: 'A {x}' }, ru: { a: 'А {x}' }, ja: { a: 'あ {x}' } });
  // @ts-expect-error x is needed
  expect(words.t('a')).toBe('A {x}');
  everyWords.splice(-3);
});
