import { expect, test } from '@jest/globals';
import { History, ofTexts, type TextChange } from '../../src/client/map/sheet/history.js';
import { TypingSession } from '../../src/client/map/sheet/session.js';
import { stepOf } from '../../src/client/map/sheet/steps.js';

const path = 'rows.l1.topic';
const step = (after: string) => ofTexts([{ path, before: '', after }]);

test('steps are taken back from the last on and brought again; a new one ends what could be brought again', () => {
  const history = new History();
  const [first, second] = [step('a'), step('b')];
  history.push(first);
  history.push(second);
  expect([history.undo(), history.undo(), history.undo()]).toEqual([second, first, undefined]);
  expect(history.redo()).toBe(first);
  history.push(step('c'));
  expect([history.canUndo, history.canRedo]).toEqual([true, false]);
});

test('only the last hundred steps are kept', () => {
  const history = new History();
  for (let index = 0; index < 130; index++) history.push(step(String(index)));
  let count = 0;
  while (history.undo()) count += 1;
  expect(count).toBe(100);
});

function session() {
  const pushed: TextChange[] = [];
  return { pushed, typing: new TypingSession((change) => pushed.push(change)) };
}

test('the typing in one cell is one step, made when the cell is left', () => {
  const { pushed, typing } = session();
  typing.enter(path, 'old');
  typing.typed(path, 'new');
  typing.typed(path, 'newer');
  expect([typing.isNative, pushed]).toEqual([true, []]);
  typing.enter('rows.l2.topic', '');
  expect(pushed).toEqual([{ path, before: 'old', after: 'newer' }]);
  typing.leave();
  expect(pushed).toHaveLength(1);
});

test('a text that was taken back by the browser is no step', () => {
  const { pushed, typing } = session();
  typing.enter(path, 'old');
  typing.typed(path, 'new');
  typing.typed(path, 'old', 'undone');
  expect([typing.isNative, typing.isNativelyUndone]).toEqual([false, true]);
  typing.leave();
  expect(pushed).toEqual([]);
});

test('a text of somebody else in the cell that is open is no step, and ends the one before', () => {
  const { pushed, typing } = session();
  typing.enter(path, 'old');
  typing.shown(path, 'theirs');
  typing.leave();
  expect(pushed).toEqual([]);
  typing.enter(path, 'theirs');
  typing.typed(path, 'mine');
  typing.shown(path, 'theirs again');
  typing.leave();
  expect(pushed).toEqual([{ path, before: 'theirs', after: 'mine' }]);
});

test('the stored spelling of one’s own text is the same text', () => {
  const { pushed, typing } = session();
  typing.enter(path, 'old');
  typing.typed(path, 'two  words ');
  typing.shown(path, 'two words');
  expect([typing.isDirty, typing.isNative]).toEqual([true, false]);
  typing.leave();
  expect(pushed).toEqual([{ path, before: 'old', after: 'two words' }]);
});

test('acts on rows are taken back by acts, and a MOOC’s are not', () => {
  expect(stepOf({ do: 'duplicate-row', id: 'n1', of: 'l1' }, null, 'l1')).toEqual({
    texts: [],
    undo: [{ do: 'delete-row', id: 'n1' }],
    redo: [{ do: 'restore-row', id: 'n1' }],
  });
  expect(stepOf({ do: 'move-row', id: 'l2', by: 1 }, 'l1', 'l3')?.undo).toEqual([
    { do: 'place-row', id: 'l2', after: 'l1' },
  ]);
  expect(stepOf({ do: 'move-row', id: 'l2', by: 1 }, 'l1', 'l1')).toBeNull();
  expect(stepOf({ do: 'add-mooc', id: 'm2' }, null, null)).toBeNull();
});
