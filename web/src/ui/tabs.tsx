// Tabs with a roving focus. The chosen one is the caller's (it belongs into the address); panels are the caller's too.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface Props<K extends string> {
  label: string;
  tabs: readonly { id: K; label: string }[];
  chosen: K;
  onChoose: (id: K) => void;
  name: string; // prefix of element ids, unique on the page
}

export function Tabs<K extends string>({ label, tabs, chosen, onChoose, name }: Props<K>) {
  const root = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = (step + tabs.length) % tabs.length;
    onChoose(tabs[index]!.id);
    (root.current?.children[index] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={root} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button key={tab.id} type="button" role="tab" class="tab" id={`${name}-tab-${tab.id}`} aria-selected={tab.id === chosen}
          aria-controls={tab.id === chosen ? `${name}-panel-${tab.id}` : undefined} tabIndex={tab.id === chosen ? 0 : -1} onClick={() => onChoose(tab.id)}>
          {tab.label}
        </button>
      ))}
    </div>
  );
}

export function TabPanel({ name, id, children }: { name: string; id: string; children: ComponentChildren }) {
  return (
    <div role="tabpanel" id={`${name}-panel-${id}`} aria-labelledby={`${name}-tab-${id}`} tabIndex={-1}>
      {children}
    </div>
  );
}
