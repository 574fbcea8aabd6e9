// What a page is. Every folder of src/pages has a route.ts that exports one (or a list) as default; nothing else registers it.
import type { ComponentType } from 'preact';
import type { IconName } from '../ui/icon';

export interface PageProps {
  params: Record<string, string>;
}
export interface PageRoute {
  path: string; // "/monitors/:id"
  title: () => string;
  load: () => Promise<{ default: ComponentType<PageProps> }>;
  // In the side bar, by rising order; the first five show in the bottom bar of small screens. `keys` follow "g".
  nav?: { order: number; icon: IconName; key?: string };
  // Shown without the shell and to people who are not signed in: first run, sign-in.
  bare?: boolean;
}
