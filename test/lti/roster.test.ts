import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createBrowser, submit, textOf, type Browser } from '../../scripts/driver/browser.js';
import { launch } from '../../scripts/driver/launch.js';
import { nextPage } from '../../src/lti/services/next-page.js';
import { startTestTool, type TestTool } from '../support/tool.js';

describe.each(['standard', 'moodle'] as const)('the roster of a %s LMS', (manner) => {
  let tool: TestTool;
  let browser: Browser;
  let home: string;
  beforeAll(async () => {
    tool = await startTestTool(manner);
    browser = createBrowser();
    const tutor = tool.lms.people.find(({ kind }) => kind === 'tutor');
    home = (await launch(tool.lms, tutor?.id ?? '', '2', browser)).url.replace(/\/$/, '');
    await browser.get(`${home}/?lang=en`);
  }, 60_000);
  afterEach(() => tool.lms.faults.clear());
  afterAll(() => tool.close());

  const state = async () => textOf(await browser.get(`${home}/students`));
  async function until(good: (text: string) => boolean): Promise<string> {
    let text = '';
    for (let tries = 0; tries < 200; tries += 1) {
      text = await state();
      if (good(text)) return text;
      await sleep(100);
    }
    throw new Error(`Still: ${text.slice(0, 400)}`);
  }
  const readAgain = async () => submit(browser, await browser.get(`${home}/students`), '/students/read');
  const idOf = (kind: string) => tool.lms.people.find((person) => person.kind === kind)?.id ?? '';

  test('all pages are read, with names as people write them', async () => {
    const text = await until((shown) => shown.includes('Course list read'));
    for (const { name, kind } of tool.lms.people)
      if (kind === 'student' && name !== '') expect(text).toContain(name.replace(/\s+/g, ' '));
    expect(text).toContain('No name (');
    expect(text).toContain('no e-mail');
    const calls = tool.lms.log.filter(({ service }) => service === 'roster');
    expect(calls.every(({ status }) => status === 200)).toBe(true);
    // The standard LMS sends pages, Moodle everything at once.
    expect(calls.length).toBeGreaterThanOrEqual(manner === 'standard' ? 3 : 1);
  }, 60_000);

  test('an assistant is no student, whatever the roster calls them', async () => {
    await launch(tool.lms, idOf('assistant'), '2');
    const text = await until((shown) => shown.includes('60 students'));
    expect(text).not.toContain(tool.lms.people.find(({ kind }) => kind === 'assistant')?.name);
  }, 60_000);

  test('who left is gone after the next complete read', async () => {
    tool.lms.unenrol('2', '105');
    await readAgain();
    await until((shown) => shown.includes('59 students'));
    tool.lms.enrol('2', '105', 'student');
    await readAgain();
    await until((shown) => shown.includes('60 students'));
  }, 60_000);

  test('a read that fails leaves the list as it was, says so, and is tried again', async () => {
    tool.lms.faults.set({ kind: 'error' }, { service: 'roster', times: 1 });
    await readAgain();
    const text = await until(
      (shown) => shown.includes('did not answer') || tool.lms.log.filter(({ status }) => status === 500).length > 0,
    );
    expect(text).toContain('60 students');
    await until((shown) => shown.includes('Course list read'));
  }, 60_000);

  test('a connection that is cut in between costs nobody their place', async () => {
    tool.lms.faults.set({ kind: 'cut' }, { service: 'roster', times: 2 });
    await readAgain();
    expect(await state()).toContain('60 students');
    await until((shown) => shown.includes('Course list read'));
    expect(await state()).toContain('60 students');
  }, 60_000);
});

describe('the next page of a Link header', () => {
  test.each([
    ['<https://lms.example/m?page=2>; rel="next"', 'https://lms.example/m?page=2'],
    [
      '<https://lms.example/m?a=1,2>; rel="first", <https://lms.example/m?page=3>; rel="next"',
      'https://lms.example/m?page=3',
    ],
    ['</m?page=2>; rel=next', 'https://lms.example/m?page=2'],
    ['<https://lms.example/m>; rel="last"', undefined],
    ['<https://lms.example/m?limit=2&amp;from=2>; rel=“next”', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, expected) => {
    expect(nextPage(header, 'https://lms.example/m')).toBe(expected);
  });
});
