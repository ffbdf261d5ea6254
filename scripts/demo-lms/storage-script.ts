/**
 * LTI platform storage (1EdTech "LTI Client Side postMessages" and "LTI Platform Storage"), for the page around a tool
 * and for the frame beside it. What the tool addresses to another origin than this one never arrives: the browser sees to
 * that. Data lives as long as the page, apart for each of the tool's origins; an empty value deletes, and a key that is not
 * there reads as null (both as in Canvas).
 */
export const STORAGE_SCRIPT = `
{
  const MOST_KEYS = 500;
  const LONGEST = 4096;
  const kept = new Map();
  const place = () => document.querySelector('[data-tool-origins]')?.dataset ?? {};
  const fault = (code, message) => ({ error: { code, message } });
  const isKey = (key) => typeof key === 'string' && key !== '';

  const dataOf = (origin) => {
    const found = kept.get(origin) ?? new Map();
    kept.set(origin, found);
    return found;
  };

  const capabilities = () => {
    const frame = place().storageFrame;
    const data = ['lti.put_data', 'lti.get_data'].map((subject) => (frame ? { subject, frame } : { subject }));
    return { supported_messages: [{ subject: 'lti.capabilities' }, ...data, { subject: 'lti.frameResize' }] };
  };

  const put = ({ key, value }, origin) => {
    if (!isKey(key)) return fault('bad_request', 'key must be a text');
    const data = dataOf(origin);
    if (value === null || value === undefined || value === '') {
      data.delete(key);
      return { key, value: null };
    }
    if (typeof value !== 'string') return fault('bad_request', 'value must be a text');
    const full = !data.has(key) && data.size >= MOST_KEYS;
    if (full || key.length + value.length > LONGEST) return fault('storage_exhaustion', 'There is no more room');
    data.set(key, value);
    return { key, value };
  };

  const get = ({ key }, origin) =>
    isKey(key) ? { key, value: dataOf(origin).get(key) ?? null } : fault('bad_request', 'key must be a text');

  const answerTo = (message, origin) => {
    const { subject, message_id: id } = message;
    if (!(place().toolOrigins ?? '').split(' ').includes(origin)) return fault('wrong_origin', origin);
    if (typeof id !== 'string' || id === '') return fault('bad_request', 'message_id is missing');
    if (subject === 'lti.capabilities') return capabilities();
    // Where a frame of its own keeps the data, this page does not.
    if (subject === 'lti.put_data' && !place().storageFrame) return put(message, origin);
    if (subject === 'lti.get_data' && !place().storageFrame) return get(message, origin);
    return fault('unsupported_subject', subject);
  };

  addEventListener('message', ({ data: message, origin, source }) => {
    const subject = message?.subject;
    if (typeof subject !== 'string' || !/^lti\\.(?!frameResize$).*(?<!\\.response)$/.test(subject)) return;
    if (!source || origin === 'null' || origin === location.origin) return;
    const answer = { subject: subject + '.response', message_id: message.message_id, ...answerTo(message, origin) };
    source.postMessage(answer, origin);
  });
}
`;
