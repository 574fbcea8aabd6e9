import { defineWords } from '../../i18n/words';

const words = defineWords({ en: { title: 'Settings' }, ru: { title: 'Настройки' }, ja: { title: '設定' } });
export const title = () => words.t('title');
