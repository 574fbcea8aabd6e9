import { defineWords } from '../../i18n/words';

const words = defineWords({ en: { title: 'Channels' }, ru: { title: 'Каналы' }, ja: { title: 'チャンネル' } });
export const title = () => words.t('title');
