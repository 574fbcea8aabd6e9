import type { PageRoute } from '../../router/page';
import { title } from './title';

export default { path: '/settings', title, load: () => import('./page'), nav: { order: 90, icon: 'settings', key: 's' } } satisfies PageRoute;
