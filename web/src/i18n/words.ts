// Words of the pages, in every language beside each other, in the folder of the page that says them. A missing key, a missing plural form or
// a placeholder that English does not have is a type error; words.test.ts checks the placeholders of all languages.
//
//   const words = defineWords({
//     en: { greet: 'Hello {name}', found: { one: '{n} monitor', other: '{n} monitors' } },
//     ru: { greet: 'Привет, {name}', found: { one: '{n} монитор', few: '{n} монитора', many: '{n} мониторов' } },
//     ja: { greet: '{name}さん、こんにちは', found: { other: '{n}件の監視' } },
//   });
//   words.t('greet', { name })   words.t('found', { n: 3 })
//
// A plural is chosen by Intl.PluralRules on `n`, and `n` is written as the locale writes numbers.
import { language, type Language } from './language';
import { formatNumber } from './format';

type PluralEn = { readonly one: string; readonly other: string };
type PluralRu = { readonly one: string; readonly few: string; readonly many: string };
type PluralJa = { readonly other: string };
type English = { readonly [key: string]: string | PluralEn };
type Same<E extends English, P> = { readonly [K in keyof E]: E[K] extends string ? string : P };

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type NamesOf<V> = V extends string ? Names<V> : V extends PluralEn ? Names<V['other']> | 'n' : never;
type Values<V> = { [K in NamesOf<V>]: K extends 'n' ? number : string | number };
type Rest<V> = [NamesOf<V>] extends [never] ? [] : [values: Values<V>];

type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export interface Words<E extends English> {
  t<K extends keyof E & string>(key: K, ...values: Rest<E[K]>): string;
  // For keys made at run time; undefined when there is no such key.
  maybe(key: string): string | undefined;
  readonly all: Readonly<Record<Language, Readonly<Record<string, Entry>>>>;
}

const rules = new Map<Language, Intl.PluralRules>();
function pluralRule(of: Language, n: number): Intl.LDMLPluralRule {
  let rule = rules.get(of);
  if (!rule) rules.set(of, (rule = new Intl.PluralRules(of)));
  return rule.select(n);
}

export function fill(entry: Entry, of: Language, values: Record<string, string | number>): string {
  const n = values['n'];
  const text =
    typeof entry === 'string' ? entry : (entry[pluralRule(of, typeof n === 'number' ? n : 0)] ?? entry.other ?? entry.many ?? '');
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? formatNumber(value) : value;
  });
}

export const everyWords: Words<English>[] = [];

export function defineWords<const E extends English>(all: { en: E; ru: Same<E, PluralRu>; ja: Same<E, PluralJa> }): Words<E> {
  const table = all as unknown as Words<E>['all'];
  const words: Words<E> = {
    all: table,
    t: (key, ...rest) => fill(table[language.value][key]!, language.value, (rest[0] ?? {}) as Record<string, string | number>),
    maybe: (key) => {
      const entry = table[language.value][key];
      return typeof entry === 'string' ? entry : undefined;
    },
  };
  everyWords.push(words as unknown as Words<English>);
  return words;
}
