import type { Locale } from './types.js';

/**
 * Language, given name, family name. Between them they hold every Kazakh letter, an apostrophe, an ampersand, a very
 * long name and one person whose name the LMS does not know: what breaks tables, sorting and escaping in real life.
 */
const LINES = `
kk|Айгерім|Әбдірахманова
kk|Әлия|Ғабдуллина
kk|Бекзат|Қуанышұлы
kk|Гүлнұр|Өтегенова
kk|Дәурен|Ыбырайымов
kk|Еңлік|Үмбетәлиева
kk|Жәнібек|Һашимов
kk|Інжу|Іргебаева
kk|Қайрат|Ңұрланов
kk|Маржан|Төлегенқызы
kk|Нұрсұлтан|Әуезов
kk|Өмірбек|Жұмағұлов
kk|Перизат|Сейітқали
kk|Рүстем|Қожахмет
kk|Сәуле|Мұқанова
kk|Темірлан|Есенғали
kk|Ұлжан|Бәйтерекова
kk|Үміт|Қасенова
kk|Шыңғыс|Айтқожин
kk|Ырысты|Досжанқызы
kk|Іңкәр|Сүлейменова
kk|Әсел|Рахымжан
kk|Ғалымжан|Тоқтаров
kk|Қарлығаш|Әлімқұлова
kk|Өркен|Сағындықов
kk|Жаннұр Ақмаржан Гүлбаршын Айсұлу|Мұхамеджанова-Құлыбайқызы-Нұрмағамбетова-Әбілқайырова
kk|Алтынай|Жақсылық
kk|Бауыржан|Омаров
ru|Анна|Иванова
ru|Борис|Кузнецов
ru|Виктория|Ким
ru|Глеб|Петренко
ru|Дарья|Соловьёва
ru|Екатерина|Щербакова
ru|Ёлка|Фёдорова
ru|Жанна|Цой
ru|Захар|Волков
ru|Игорь|Пак
ru|Кристина|Морозова
ru|Лев|Шмидт
ru|Мария|Александрова
ru|Никита|Хван
ru|Олеся|Белая
ru|Павел|Чернышёв
ru|Регина|Юсупова
ru|София|Объедкова
ru|Тимур|Галиев
ru|Ульяна|Эйхман
en|Aisha|Rahman
en|Brian|O'Brien
en|Chloë|Müller
en|Daniel|Smith & Sons
en|Emma|Johnson
en|Farid|Al-Hashimi
en|Grace|Li
en|Hugo|Nuñez
en|Ivy|van der Berg
en|Jack|St. John
en|Kim|Lee
en||
`;

export interface StudentName {
  readonly locale: Locale;
  readonly givenName: string;
  readonly familyName: string;
}

export const STUDENT_NAMES: readonly StudentName[] = LINES.trim()
  .split('\n')
  .map((line) => {
    const [locale, givenName = '', familyName = ''] = line.split('|');
    return { locale: locale as Locale, givenName, familyName };
  });
