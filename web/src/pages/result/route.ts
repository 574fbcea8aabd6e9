import type { PageRoute } from '../../router/page';
import { words } from './words';

export default {
  path: '/monitors/:id/results/:result',
  title: () => words.t('title'),
  load: () => import('./page'),
} satisfies PageRoute;
