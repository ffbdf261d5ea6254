import type { IntegrationMap, Row } from '../../src/integration-map/map.js';
import { emptyMooc, emptyRow } from '../../src/integration-map/template.js';
import type { Reader } from '../../src/integration-map/labels.js';
import { loadCatalogues, type Language } from '../../src/web/i18n.js';
import { filledMap } from './example-map.js';

export const readerIn = async (language: Language): Promise<Reader> => ({
  sub: 't1',
  t: (await loadCatalogues()).translator(language),
  language,
  timeZone: 'Asia/Almaty',
  now: new Date('2026-10-13T05:41:00Z'),
});

export const KAZAKH = 'Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі';

/** The template's example of Appendix 1, two MOOCs, a practical class, a row and a MOOC that were taken out. */
export function hotelMap(): IntegrationMap {
  const map = filledMap();
  const gone = { by: 't1', byName: 'Гүлмира', at: map.createdAt, revision: 2 };
  const practical: Row = {
    ...emptyRow('p1', 'practical'),
    topic: `Талдау ${KAZAKH}`,
    tasks: 'Сұрақ-жауап',
    delivery: 'in-class',
    platform: 'MS Teams',
  };
  const rows = map.rows.flatMap((row): Row[] => {
    if (row.id === 'l1')
      return [
        {
          ...row,
          topic: 'Қонақ үй бизнесіне кіріспе',
          hours: '1,5',
          tasks: '1-модульдің бейнедәрістерін көру\nОнлайн тест',
          assessment: 'Тест, 10 балл',
          delivery: 'asynchronous',
          platform: 'Coursera',
          link: 'https://www.coursera.org/specializations/hotel-management?a=1&b=2',
        },
        practical,
      ];
    return [row.id === 'k1' ? { ...row, topic: 'Сб 17.10, 10:00' } : row];
  });
  return {
    ...map,
    head: { ...map.head, discipline: 'Hotel business management' },
    moocs: [
      ...map.moocs,
      { ...emptyMooc('m2'), title: 'Қонақжайлылық негіздері', link: 'https://openu.kz/x', match: '60 %', hours: '36' },
      { ...emptyMooc('m3'), title: 'A MOOC that was taken out', deleted: gone },
    ],
    rows: [...rows, { ...emptyRow('l16', 'lecture'), week: '16', topic: 'A row that was taken out', deleted: gone }],
  };
}
