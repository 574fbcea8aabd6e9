import type { PageRoute } from '../../router/page';
import { words } from './words';

export default {
  path: '/',
  title: () => words.t('title'),
  load: () => import('./page'),
  nav: { order: 10, icon: 'overview', key: 'o' },
} satisfies PageRoute;
