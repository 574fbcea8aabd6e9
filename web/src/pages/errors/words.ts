import { defineWords } from '../../i18n/words';

export const words = defineWords({
  en: {
    title: 'Errors',
    lead: 'Each failure has a name that never changes. The same names stand in notices, in the API and in the command line program.',
    unknown: 'There is no error {code}. These are all:',
  },
  ru: {
    title: 'Ошибки',
    lead: 'У каждой ошибки есть имя, которое не меняется. Те же имена в оповещениях, в API и в программе командной строки. Описания на английском.',
    unknown: 'Ошибки {code} нет. Вот все:',
  },
  ja: {
    title: 'エラー',
    lead: 'エラーには変わらない名前があります。通知、API、コマンドでも同じ名前です。説明は英語です。',
    unknown: 'エラー{code}はありません。一覧は次のとおりです。',
  },
});
