import type { PageRoute } from '../../router/page';
import { words } from './words';

// The address for those who want to come here on purpose; without a session every address shows the same form.
export default {
  path: '/sign-in',
  title: () => words.t('title'),
  load: () => import('./page'),
} satisfies PageRoute;
