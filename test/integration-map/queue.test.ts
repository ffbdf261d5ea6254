import { expect, test } from '@jest/globals';
import { backoff, ChangeQueue } from '../../src/client/map/queue.js';

const path = 'rows.l1.topic';

function queueWith(stored: string): ChangeQueue {
  const queue = new ChangeQueue();
  queue.learn(path, stored);
  return queue;
}

test('what was typed goes out with the text that was there before', () => {
  const queue = queueWith('old');
  queue.typed(path, 'new');
  expect(queue.next()).toEqual([{ path, base: 'old', value: 'new' }]);
});

test('a batch without an answer is sent again as it is, and what was typed meanwhile follows it', () => {
  const queue = queueWith('');
  queue.typed(path, 'a');
  const first = queue.next();
  queue.typed(path, 'ab');
  expect(queue.next()).toBe(first);
  queue.landed();
  queue.saved(path, 'a', 'a');
  expect(queue.next()).toEqual([{ path, base: 'a', value: 'ab' }]);
});

test('going back to the stored text while a save is under way sends it back as well', () => {
  const queue = queueWith('old');
  queue.typed(path, 'new');
  queue.next();
  queue.typed(path, 'old');
  queue.landed();
  queue.saved(path, 'new', 'new');
  expect(queue.next()).toEqual([{ path, base: 'new', value: 'old' }]);
});

test('a text that waits for a choice is unsaved but not sent', () => {
  const queue = queueWith('old');
  queue.typed(path, 'mine');
  queue.next();
  queue.landed();
  queue.hold(path);
  expect(queue.next()).toBeNull();
  expect(queue.isWaiting).toBe(false);
  expect(queue.unsaved.get(path)).toBe('mine');
  queue.release(path, 'theirs');
  expect(queue.next()).toEqual([{ path, base: 'theirs', value: 'mine' }]);
});

test('nothing waits once the typed text is the stored one', () => {
  const queue = queueWith('old');
  queue.typed(path, 'new');
  queue.typed(path, 'old');
  expect(queue.next()).toBeNull();
});

test('tries come further and further apart, at most half a minute', () => {
  expect([0, 1, 2, 3, 9].map(backoff)).toEqual([1000, 2000, 4000, 8000, 30_000]);
});

test('a text that is taken back names the text that it replaces, not a newer one of somebody else', () => {
  const queue = queueWith('theirs');
  queue.typedOver(path, 'old', 'mine');
  expect(queue.next()).toEqual([{ path, base: 'mine', value: 'old' }]);
});

test('a text that is taken back before it went out leaves nothing to send', () => {
  const queue = queueWith('old');
  queue.typed(path, 'mine');
  queue.typedOver(path, 'old', 'mine');
  expect(queue.next()).toBeNull();
});
