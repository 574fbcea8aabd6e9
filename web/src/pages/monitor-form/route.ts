import { defineWords } from '../../i18n/words';
import type { PageRoute } from '../../router/page';

// The titles alone: all else that the form says comes with it.
const titles = defineWords({ en: { add: 'Add a monitor', edit: 'Edit monitor' }, ru: { add: 'Новый монитор', edit: 'Изменить монитор' }, ja: { add: '監視を追加', edit: '監視を編集' } });
const load = () => import('./page');

export default [
  { path: '/monitors/new', title: () => titles.t('add'), load },
  { path: '/monitors/:id/edit', title: () => titles.t('edit'), load },
] satisfies PageRoute[];
