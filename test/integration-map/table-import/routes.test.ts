import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import request from 'supertest';
import { carry } from '../../../src/integration-map/import/carried.js';
import { readTableText } from '../../../src/integration-map/import/read-file.js';
import { liveRows } from '../../../src/integration-map/map.js';
import { testDatabase } from '../../support/database.js';
import { CSRF } from '../../support/room-app.js';
import { mapApp } from '../map-app.js';
import { xlsx } from './office-files.js';

const PLAN = 'Неделя;Тема;Часы;Форма\n1;Л 1. Отель;1;асинхронно\n;Семинар 1. Кейс;1;\n7;Рубежный контроль 1;;\n';

describe('rows from a table', () => {
  let database: { connection: Connection; close(): Promise<void> };
  let room: Awaited<ReturnType<typeof mapApp>>;
  const url = () => `/c/${room.course.id}/map/table`;

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    room = await mapApp(database.connection);
  });

  interface Form {
    readonly fields?: Readonly<Record<string, string>>;
    readonly file?: Buffer;
    readonly role?: string;
    readonly csrf?: string;
    readonly name?: string;
  }
  const post = ({ fields = {}, file, role = 'tutor', csrf = CSRF, name = 'plan.csv' }: Form) => {
    const test = request(room.app)
      .post(url())
      .set('x-test-role', role)
      .field('_csrf', csrf)
      .field('do', fields['do'] ?? 'read');
    for (const [key, value] of Object.entries(fields)) if (key !== 'do') test.field(key, value);
    return file ? test.attach('file', file, name) : test;
  };

  /** The fields of the preview as a browser would send them. */
  const sentBy = (html: string): Record<string, string> => {
    const unescaped = (text: string) =>
      text
        .replaceAll('&quot;', '"')
        .replaceAll('&#x27;', "'")
        .replaceAll('&#x3D;', '=')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');
    const hidden = [...html.matchAll(/<input type="hidden" name="([\w.]+)" value="([^"]*)"/g)];
    const selects = [...html.matchAll(/<select[^>]* name="([\w.]+)">(.*?)<\/select>/gs)].map(
      ([, name = '', options = '']) => [name, /<option value="([^"]*)" selected/.exec(options)?.[1] ?? ''],
    );
    const radios = [...html.matchAll(/<input type="radio" name="(\w+)" value="(\w+)" checked/g)].map(
      ([, name = '', value = '']) => [name, value],
    );
    return Object.fromEntries([
      ...hidden.map(([, name = '', value = '']) => [name, unescaped(value)]),
      ...selects,
      ...radios,
    ]) as Record<string, string>;
  };
  const rows = async () => liveRows((await room.maps.find(room.course)) ?? { rows: [] });

  test('a file is shown first, and nothing is stored; then it makes the map', async () => {
    const preview = await post({ file: Buffer.from(PLAN) }).expect(200);
    expect(preview.text).toContain('Add 3 rows');
    expect(preview.text).toContain('Lecture (recognised)');
    expect(await room.maps.find(room.course)).toBeNull();
    const fields = { ...sentBy(preview.text), do: 'add' };
    const added = await post({ fields }).expect(303);
    expect(added.headers['location']).toBe(`/c/${room.course.id}/map?notice=table-added`);
    expect(
      (await rows()).map(({ kind, stage, week, topic, hours, delivery }) => [
        kind,
        stage,
        week,
        topic,
        hours,
        delivery,
      ]),
    ).toEqual([
      ['lecture', null, '1', 'Отель', '1', 'asynchronous'],
      ['practical', null, '', 'Кейс', '1', ''],
      ['control', 'midterm-1', '', '', '', ''],
    ]);
    await post({ fields }).expect(303);
    expect(await rows()).toHaveLength(3);
    const page = await room.get('/map?notice=table-added').expect(200);
    expect(page.text).toContain('The rows are added.');
  });

  test('the form without a file, from a browser without script', async () => {
    const fields = { do: 'add', text: 'Week\tTopic\n1\tOne\n', _csrf: CSRF };
    await request(room.app).post(url()).type('form').send(fields).expect(303);
    expect((await rows()).map(({ topic }) => topic)).toEqual(['One']);
  });

  test('rows go behind those of a map, or in their place, and come back when asked', async () => {
    await room.start();
    const before = await rows();
    const preview = await post({ fields: { text: PLAN } }).expect(200);
    // A template in which nobody wrote is there to be replaced.
    expect(sentBy(preview.text)['how']).toBe('replace');
    const fields = { ...sentBy(preview.text), do: 'add', how: 'append' };
    await post({ fields }).expect(303);
    expect((await rows()).map(({ id }) => id).slice(0, before.length)).toEqual(before.map(({ id }) => id));
    expect((await rows()).slice(before.length).map(({ topic }) => topic)).toEqual(['Отель', 'Кейс', '']);

    const again = sentBy((await post({ fields: { text: PLAN } }).expect(200)).text);
    expect(again['how']).toBe('append');
    await post({ fields: { ...again, do: 'add', how: 'replace' } }).expect(303);
    expect((await rows()).map(({ topic }) => topic)).toEqual(['Отель', 'Кейс', '']);
    await room.maps.act(
      room.course,
      { do: 'restore-row', id: before[0]?.id ?? '' },
      { sub: 't', name: '', at: new Date() },
    );
    expect((await rows()).map(({ id }) => id)).toContain(before[0]?.id);
  });

  test('what a person chose is shown again: columns, kinds, the row of headings, another table', async () => {
    const file = xlsx([
      {
        name: 'A',
        rows: [
          ['Week', 'Topic'],
          ['1', 'One'],
        ],
      },
      {
        name: 'B',
        rows: [
          ['x', 'y'],
          ['1', 'Two'],
        ],
      },
    ]);
    const first = sentBy((await post({ file, name: 'plan.xlsx' }).expect(200)).text);
    expect([first['table'], first['heading'], first['column.1'], first['row.1']]).toEqual(['0', '0', 'topic', '']);
    const second = await post({ fields: { ...first, do: 'preview', 'column.1': 'tasks', 'row.1': 'none' } }).expect(
      200,
    );
    expect([sentBy(second.text)['column.1'], sentBy(second.text)['row.1']]).toEqual(['tasks', 'none']);
    expect(second.text).toContain('Add 0 rows');
    const other = sentBy(
      (await post({ fields: { ...sentBy(second.text), do: 'preview', table: '1' } }).expect(200)).text,
    );
    expect([other['table'], other['heading'], other['column.0'], other['row.1']]).toEqual(['1', '', 'week', '']);
  });

  test('a long text, no rows and too many rows are said, and nothing is added or lost', async () => {
    const long = 'слово '.repeat(1667).slice(0, 9999) + '!';
    const preview = await post({ fields: { text: `Week;Topic\n1;${long}\n` } }).expect(200);
    const fields = { ...sentBy(preview.text), do: 'add' };
    const refused = await post({ fields }).expect(409);
    expect(refused.text).toContain('Decide what becomes of the texts that are too long.');
    expect(refused.text).toContain('Row 2, topic: 10000 characters. 2000 will fit');
    expect(refused.text.split(long)).toHaveLength(3);
    expect(await room.maps.find(room.course)).toBeNull();
    await post({ fields: { ...fields, 'row.1': 'none' } }).expect(409);
    await post({ fields: { ...fields, long: 'keep' } }).expect(303);
    expect((await rows())[0]?.topic).toBe(long.slice(0, 2000).trimEnd());
  });

  test('of 500 rows a map takes 60, and the others are marked', async () => {
    const text = `Week;Topic\n${Array.from({ length: 500 }, (_, index) => `${index + 1};T${index + 1}`).join('\n')}`;
    const preview = await post({ fields: { text } }).expect(200);
    expect(preview.text).toContain('Add 60 rows');
    expect(preview.text).toContain('60 of 500 rows will be taken over.');
    const fields = { ...sentBy(preview.text), do: 'add' };
    const full = await post({ fields: { ...fields, 'row.500': 'lecture' } }).expect(303);
    expect(full.headers['location']).toContain('table-added');
    expect((await rows()).map(({ topic }) => topic).slice(-2)).toEqual(['T59', 'T500']);
  });

  test('markup and formulas are texts on the page and in the map', async () => {
    const text =
      'Week;Topic\n1;<script>alert(1)</script><img src=x onerror=alert(1)>\n2;"=HYPERLINK(""http://evil.example"")"\n';
    const preview = await post({ fields: { text } }).expect(200);
    expect(preview.text).not.toContain('<script>alert');
    expect(preview.text).not.toContain('<img src=x');
    await post({ fields: { ...sentBy(preview.text), do: 'add' } }).expect(303);
    expect((await rows()).map(({ topic }) => topic)).toEqual([
      '<script>alert(1)</script><img src=x onerror=alert(1)>',
      '=HYPERLINK("http://evil.example")',
    ]);
    expect((await room.get('/map')).text).not.toContain('<script>alert');
  });

  test('a file that is none comes back with what was wrong and the pasted text', async () => {
    const answer = await post({ fields: { text: '<html><b>' } }).expect(400);
    expect(answer.text).toContain('This is the source of a page');
    expect(answer.text).toContain('&lt;html&gt;&lt;b&gt;</textarea>');
    const map = await post({ file: Buffer.from('{"serik":"integration-map"}'), name: 'map.json' }).expect(400);
    expect(map.text).toContain(`href="/c/${room.course.id}/map#map-import"`);
    expect((await post({ file: Buffer.from('%PDF-1.7'), name: 'a.xlsx' }).expect(400)).text).toContain(
      'PDF is not read here',
    );
  });

  test('a token of another session, or none, changes nothing', async () => {
    await post({ file: Buffer.from(PLAN), csrf: 'another' }).expect(409);
    const tables = carry(await readTableText(PLAN));
    await post({ fields: { do: 'add', tables }, csrf: 'another' }).expect(409);
    await request(room.app).post(url()).field('do', 'add').field('tables', tables).expect(409);
    await post({ fields: { do: 'add', tables } })
      .set('Origin', 'https://evil.example')
      .expect(403);
    expect(await room.maps.find(room.course)).toBeNull();
  });

  test.each(['student', 'observer', 'assistant'])(
    'a file of a person who may not change the map is not read: %s',
    async (role) => {
      await post({ file: Buffer.from(PLAN), role }).expect(403);
      await room.get('/map/table', { role: role as 'student' }).expect(403);
    },
  );

  test('broken forms are refused', async () => {
    const send = (type: string, body: string) => request(room.app).post(url()).set('Content-Type', type).send(body);
    await send('multipart/form-data', 'x').expect(400);
    await send(
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\nx',
    ).expect(400);
    await post({ fields: { do: 'something' } }).expect(400);
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`row.${index}`, '']));
    await post({ fields: many }).expect(413);
  });

  test('50 MB are refused at their beginning, and memory does not grow with them', async () => {
    const server = room.app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const start =
      `--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n${CSRF}\r\n` +
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\nContent-Type: application/octet-stream\r\n\r\n';
    const chunk = Buffer.alloc(500_000, 1);
    for (const announced of [true, false]) {
      const before = process.memoryUsage().rss;
      let sent = 0;
      const answer = await new Promise<{ status: number; text: string; sent: number }>((resolve, reject) => {
        const req = ask({
          port,
          path: url(),
          method: 'POST',
          headers: {
            'Content-Type': 'multipart/form-data; boundary=b',
            ...(announced ? { 'Content-Length': start.length + 100 * chunk.length } : {}),
          },
        });
        req.on('response', (res) => {
          let text = '';
          const sentThen = sent;
          res.setEncoding('utf8').on('data', (part: string) => (text += part));
          res.on('end', () => {
            resolve({ status: res.statusCode ?? 0, text, sent: sentThen });
            req.destroy();
          });
        });
        req.on('error', reject);
        req.write(start);
        const more = () => {
          if (sent >= 100 || req.destroyed) return;
          sent += 1;
          if (req.write(chunk)) setTimeout(more, 5);
          else req.once('drain', () => setTimeout(more, 5));
        };
        more();
      });
      expect(answer.status).toBe(413);
      expect(answer.text).toContain('The file is larger than 5 MB and was not read.');
      expect(answer.sent).toBeLessThan(announced ? 10 : 40);
      expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(100);
    }
    server.closeAllConnections();
    server.close();
  });
});
