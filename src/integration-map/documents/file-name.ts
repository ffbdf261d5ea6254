/** What no file system takes, or what would hide the ending or the folder. */
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\\/:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
const LONGEST = 80;

/** One line of text as the name of a file, without its ending. */
export function fileName(text: string): string {
  const name = Array.from(text.replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim()).slice(0, LONGEST).join('');
  return name.replace(/^\.+|[. ]+$/g, '');
}

/** RFC 6266: the speaking name in UTF-8, and a plain one for clients that know only ASCII. */
export function attachment(name: string, plain: string, ending: string): string {
  const encoded = encodeURIComponent(`${fileName(name)}.${ending}`).replace(
    /['()*!]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}.${ending}"; filename*=UTF-8''${encoded}`;
}
