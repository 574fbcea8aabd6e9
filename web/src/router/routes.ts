// All pages, found by their folders.
import type { PageRoute } from './page';
import { matchPath } from './router';

const modules = import.meta.glob<{ default: PageRoute | PageRoute[] }>('../pages/*/route.ts', { eager: true });
export const routes: PageRoute[] = Object.values(modules).flatMap((module) => module.default);
export const navRoutes = routes.filter((route) => route.nav).sort((a, b) => a.nav!.order - b.nav!.order);

// A pattern without parameters wins: "/monitors/new" before "/monitors/:id".
const byWeight = [...routes].sort((a, b) => (a.path.match(/:/g)?.length ?? 0) - (b.path.match(/:/g)?.length ?? 0));

export function findRoute(path: string): { route: PageRoute; params: Record<string, string> } | null {
  for (const route of byWeight) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return null;
}
