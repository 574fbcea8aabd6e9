import { defineWords } from '../../i18n/words';
import type { PageRoute } from '../../router/page';

const titles = defineWords({ en: { list: 'Incidents', one: 'Incident' }, ru: { list: 'Инциденты', one: 'Инцидент' }, ja: { list: 'インシデント', one: 'インシデント' } });

export default [
  { path: '/incidents', title: () => titles.t('list'), load: () => import('./page'), nav: { order: 20, icon: 'incidents', key: 'i' } },
  { path: '/incidents/:id', title: () => titles.t('one'), load: () => import('./page') },
] satisfies PageRoute[];
