import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import request from 'supertest';
import { mapFile, type MapFile } from '../../src/integration-map/documents/map-file.js';
import type { Role } from '../../src/launch/permissions.js';
import { CSRF } from '../support/room-app.js';
import { testDatabase } from '../support/database.js';
import { hotelMap } from './document-maps.js';
import { mapApp, type Who } from './map-app.js';
import { OFFICIAL } from './official-words.js';
import { readDocx, readPdf, tight, tightText } from './read-documents.js';

let database: { connection: Connection; close(): Promise<void> };
let room: Awaited<ReturnType<typeof mapApp>>;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  room = await mapApp(database.connection);
});

const FILE = JSON.stringify(mapFile(hotelMap()), null, 2);

const bytes = (test: request.Test) =>
  test.buffer(true).parse((res, done) => {
    const parts: Buffer[] = [];
    res.on('data', (part: Buffer) => parts.push(part));
    res.on('end', () => done(null, Buffer.concat(parts)));
  });

const at = (path: string) => `/c/${room.course.id}${path}`;
const as = (test: request.Test, { role = 'tutor', language = 'en' }: Who) =>
  test.set('x-test-role', role).set('x-test-sub', 'tutor-1').set('x-test-language', language);
const post = (fields: object, who: Who = {}) =>
  as(request(room.app).post(at('/map/import')).type('form'), who).send({ _csrf: CSRF, ...fields });
const postJson = (body: object, who: Who = {}) =>
  as(request(room.app).post(at('/map/import')), who)
    .set('Accept', 'application/json')
    .set('X-CSRF-Token', CSRF)
    .send(body);

const imported = async () => {
  await post({ text: FILE }).expect(303).expect('Location', at('/map?notice=imported'));
};

describe('documents', () => {
  test('come in the language of the page, or in the one that was asked for', async () => {
    await imported();
    for (const [query, language, expected] of [
      ['', 'kk', 'kk'],
      ['?language=ru', 'kk', 'ru'],
      ['?language=de', 'en', 'en'],
      ['?language=en&language=ru', 'kk', 'kk'],
    ] as const) {
      const docx = await bytes(room.get(`/map/document.docx${query}`, { language })).expect(200);
      expect(docx.headers['content-type']).toContain('wordprocessingml.document');
      expect(readDocx(docx.body as Buffer).blocks[0]).toMatchObject({
        text: `${OFFICIAL[expected].title}Hotel business management`,
      });
      const pdf = await bytes(room.get(`/map/document.pdf${query}`, { language })).expect(200);
      expect(pdf.headers['content-type']).toContain('application/pdf');
      const { pages } = await readPdf(pdf.body as Buffer);
      expect(tightText(pages)).toContain(tight(OFFICIAL[expected].purpose));
    }
  });

  test('are files with names that speak, and that no file system minds', async () => {
    await imported();
    await room
      .patch({
        since: 1,
        changes: [
          { path: 'head.discipline', base: 'Hotel business management', value: '../Қонақ "үй"\\: <бизнесі>?*|' },
        ],
      })
      .expect(200);
    const { headers } = await room.get('/map/document.pdf?language=kk').expect(200);
    const disposition = headers['content-disposition'] ?? '';
    expect(disposition).toMatch(/^attachment; filename="integration-map-kk\.pdf"; filename\*=UTF-8''[\w.%~-]+\.pdf$/);
    expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(
      'Интеграция картасы, .. Қонақ үй бизнесі (kk).pdf',
    );
  });

  test.each(['docx', 'pdf', 'json'])('%s: for those who may see the map, and where there is one', async (ending) => {
    await room.get(`/map/document.${ending}`).expect(404);
    await imported();
    for (const role of ['tutor', 'assistant', 'observer'] as Role[])
      await room.get(`/map/document.${ending}`, { role }).expect(200);
    await room.get(`/map/document.${ending}`, { role: 'student' }).expect(403);
  });

  test('stand on the map’s page, of those who write it and of those who read it', async () => {
    await imported();
    for (const role of ['tutor', 'observer'] as Role[]) {
      const { text } = await room.get('/map', { role, language: 'ru' }).expect(200);
      for (const path of ['docx', 'pdf', 'json', 'docx?language=kk', 'pdf?language=kk', 'docx?language=en'])
        expect(text).toContain(`href="${at(`/map/document.${path.replace('=', '&#x3D;')}`)}"`.replace('&#x3D;', '='));
      expect(text).not.toContain('language=ru');
    }
  });
});

describe('a map as JSON', () => {
  test('goes out of one course and into another', async () => {
    await imported();
    const answer = await room.get('/map/document.json').expect(200);
    const { headers } = answer;
    const body = answer.body as MapFile;
    expect(headers['content-disposition']).toContain('filename="integration-map.json"');
    expect(body).toEqual(JSON.parse(FILE));
    const before = await room.maps.find(room.course);
    room = await mapApp(database.connection);
    const made = await postJson({ text: JSON.stringify(body) }).expect(200);
    expect(made.body).toEqual({ href: at('/map?notice=imported') });
    const after = await room.maps.find(room.course);
    expect(after?.head).toEqual(before?.head);
    expect(after?.rows).toEqual(before?.rows);
    expect(after?.moocs).toEqual(before?.moocs);
    expect(after?.updatedBy.sub).toBe('tutor-1');
    expect((await room.get('/map?notice=imported')).text).toContain('Map imported.');
  });

  test('never replaces a map', async () => {
    await room.start();
    const before = await room.maps.find(room.course);
    const page = await post({ text: FILE }, { language: 'ru' }).expect(409);
    expect(page.text).toContain('В этом курсе уже есть карта. Ничего не импортировано');
    const answer = await postJson({ text: FILE }).expect(409);
    expect(answer.body).toEqual({
      problem: 'This course has a map already. Nothing was imported, and the map is as it was.',
    });
    expect(await room.maps.find(room.course)).toEqual(before);
  });

  test('of two who import at once one makes the map, the other is told', async () => {
    const answers = await Promise.all([postJson({ text: FILE }), postJson({ text: FILE }), postJson({ text: FILE })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  test('a fault is told on the page, with the text still there; nothing is made', async () => {
    const text = FILE.replace('"lecture"', '"<b>holiday</b>"');
    const page = await post({ text }, { language: 'kk' }).expect(400);
    expect(page.text).toContain('1-жол, kind: мұндай нұсқа жоқ.');
    expect(page.text).toContain('&lt;b&gt;holiday&lt;/b&gt;');
    expect(page.text).not.toContain('<b>holiday');
    const answer = await postJson({ text: '{' }, { language: 'ru' }).expect(400);
    expect(answer.body).toEqual({ problem: 'Это не файл карты: текст не в формате JSON или часть его потеряна.' });
    for (const odd of [{}, { text: '' }, { text: ['a'] }, { text: { a: 1 } }]) await postJson(odd).expect(400);
    expect(await room.maps.find(room.course)).toBeNull();
  });

  test('of 2 MB is refused before anybody reads it', async () => {
    const large = `{"serik":"integration-map","x":"${'x'.repeat(2_000_000)}"}`;
    const answer = await postJson({ text: large }).expect(413);
    expect(answer.body).toMatchObject({ error: 'too_large', title: 'That is too large' });
    await post({ text: large }).expect(413);
    expect(await room.maps.find(room.course)).toBeNull();
  });

  test('is imported by a tutor only, with the token of the page', async () => {
    for (const role of ['assistant', 'observer', 'student'] as Role[]) await post({ text: FILE }, { role }).expect(403);
    await post({ text: FILE, _csrf: 'another' }).expect(409);
    expect(await room.maps.find(room.course)).toBeNull();
    const { text } = await room.get('/map').expect(200);
    expect(text).toContain(`action="${at('/map/import')}"`);
    expect((await room.get('/map', { role: 'observer' })).text).not.toContain('/map/import');
    await room.get('/map/import').expect(303).expect('Location', at('/map'));
  });
});

describe('the plan for printing', () => {
  test('has weeks, topics, tasks, and links as text', async () => {
    await imported();
    const { text } = await room.get('/plan/print', { role: 'student', language: 'kk' }).expect(200);
    const main = text.split('<main')[1] ?? '';
    let last = 0;
    for (const word of [
      '1-апта',
      'Қонақ үй бизнесіне кіріспе',
      'Онлайн тест',
      'https://www.coursera.org/specializations/',
      '2-апта',
      'ҚР бойынша кеңес 1',
      'Аралық бақылау 1',
      'Қорытынды бақылау',
    ]) {
      expect([word, main.indexOf(word, last) > last]).toEqual([word, true]);
      last = main.indexOf(word, last);
    }
    expect(main).not.toMatch(/<a [^>]*href="https?:/);
    expect((await room.get('/plan', { role: 'student' })).text).toContain(`href="${at('/plan/print')}"`);
    await room.get('/plan/print', { role: 'tutor' }).expect(403);
  });

  test('says so where there is no plan yet', async () => {
    const { text } = await room.get('/plan/print', { role: 'student', language: 'ru' }).expect(200);
    expect(text).toContain('Плана по неделям ещё нет');
  });
});
