import { defineWords } from '../../i18n/words';
import type { PageRoute } from '../../router/page';

const titles = defineWords({ en: { title: 'Errors' }, ru: { title: 'Ошибки' }, ja: { title: 'エラー' } });

export default [
  { path: '/errors', title: () => titles.t('title'), load: () => import('./page') },
  { path: '/errors/:code', title: () => titles.t('title'), load: () => import('./page') },
] satisfies PageRoute[];
