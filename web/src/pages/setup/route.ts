import type { PageRoute } from '../../router/page';
import { words } from './words';

export default {
  path: '/setup/:token',
  title: () => words.t('title'),
  load: () => import('./page'),
  bare: true,
} satisfies PageRoute;
