// The frame of pages without the shell: first run and sign-in.
import type { ComponentChildren } from 'preact';
import { Mark } from './brand';
import { LanguageMenu, ThemeMenu } from './shell';

export function Bare({ title, lead, wide = false, children }: { title: string; lead?: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class="bare">
      <header class="bare-head">
        <span class="brand">
          <Mark />
          <span>Tocsin</span>
        </span>
        <span class="row">
          <LanguageMenu />
          <ThemeMenu />
        </span>
      </header>
      <main class={`bare-body${wide ? ' wide' : ''}`}>
        <h1>{title}</h1>
        {lead && <p class="muted">{lead}</p>}
        {children}
      </main>
    </div>
  );
}
