import type { PageRoute } from '../../router/page';
import { title } from './title';

export default { path: '/channels', title, load: () => import('./page'), nav: { order: 40, icon: 'channels', key: 'c' } } satisfies PageRoute;
