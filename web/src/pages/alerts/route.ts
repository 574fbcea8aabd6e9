import type { PageRoute } from '../../router/page';
import { title } from './title';

export default { path: '/alerts', title, load: () => import('./page'), nav: { order: 30, icon: 'alerts', key: 'a' } } satisfies PageRoute;
