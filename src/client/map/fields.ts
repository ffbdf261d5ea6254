/** The fields of the map's form; a field's name is the path of its value. */
export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const PATH = /^(?:head|moocs|rows|outcomes|modules|cells)\./;

export const isField = (element: unknown): element is Field =>
  (element instanceof HTMLInputElement ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement) &&
  PATH.test(element.name) &&
  !element.hasAttribute('data-lost');

export const fieldsIn = (root: ParentNode): Field[] =>
  [...root.querySelectorAll<Field>('input[name], textarea[name], select[name]')].filter(isField);

export const fieldsOf = (form: HTMLFormElement, path: string): Field[] =>
  fieldsIn(form).filter(({ name }) => name === path);

export function fieldsByName(form: HTMLFormElement): Map<string, Field[]> {
  const byName = new Map<string, Field[]>();
  for (const field of fieldsIn(form)) byName.set(field.name, [...(byName.get(field.name) ?? []), field]);
  return byName;
}

const isRadio = (field: Field): field is HTMLInputElement =>
  field instanceof HTMLInputElement && field.type === 'radio';

/** What the field holds now; nothing for a radio button that is not chosen. */
export const textOf = (field: Field): string | null => (isRadio(field) && !field.checked ? null : field.value);

/** What the server put there; a browser may show something older after a reload. */
export function storedTextOf(field: Field): string | null {
  if (field instanceof HTMLSelectElement)
    return [...field.options].find(({ defaultSelected }) => defaultSelected)?.value ?? '';
  if (isRadio(field)) return field.defaultChecked ? field.value : null;
  return field.defaultValue;
}

export function put(form: HTMLFormElement, path: string, text: string): void {
  for (const field of fieldsOf(form, path)) {
    if (isRadio(field)) field.checked = field.value === text;
    else if (field.value !== text) field.value = text;
  }
  form.dispatchEvent(new CustomEvent('map:shown', { detail: path }));
}

/** The stored texts of the fields under `root`, by path. */
export function storedTexts(root: ParentNode): Map<string, string> {
  const texts = new Map<string, string>();
  for (const field of fieldsIn(root)) {
    const text = storedTextOf(field);
    if (text !== null || !texts.has(field.name)) texts.set(field.name, text ?? '');
  }
  return texts;
}
