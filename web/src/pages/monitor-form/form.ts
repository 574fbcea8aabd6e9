// What the parts of the form share: the draft, how to change it, and what is wrong with a field.
import type { Channel, Preset, ProbeAnswer } from '../../api/types';
import type { Draft, Json } from './config';

export interface Form {
  draft: Draft;
  change: (next: (draft: Draft) => Partial<Draft>) => void;
  error: (pointer: string) => string | undefined;
  presets: readonly Preset[];
  channels: readonly Channel[];
  answer: ProbeAnswer | null;
  disabled: boolean;
}

// The id of the field at a pointer: a summary's link leads to it.
export const idOf = (pointer: string): string => `f${pointer.replace(/\//g, '-')}`;
export const textOf = (map: Json, name: string): string => {
  const value = map[name];
  return value === undefined || value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value);
};
export const listOf = (text: string): string[] => text.split(',').map((one) => one.trim());
export const numberOf = (text: string): number | string | undefined => (text.trim() === '' ? undefined : /^\d+$/.test(text.trim()) ? Number(text) : text);

export function setConfig(form: Form, name: string, value: unknown): void {
  form.change((draft) => ({ config: { ...draft.config, [name]: value === '' ? undefined : value } }));
}
export function setIn(form: Form, part: 'tls' | 'retry' | 'alert', name: string, value: unknown): void {
  form.change((draft) => ({ [part]: { ...draft[part], [name]: value === '' ? undefined : value } }));
}
