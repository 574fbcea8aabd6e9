import { defineWords } from '../../i18n/words';

const words = defineWords({ en: { title: 'Alerts' }, ru: { title: 'Оповещения' }, ja: { title: '通知記録' } });
export const title = () => words.t('title');
