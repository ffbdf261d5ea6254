/** A new row's or MOOC's id: made here, so that a request that is sent twice adds one. */
export function newId(): string {
  const digits = crypto.getRandomValues(new Uint8Array(10));
  return `n${[...digits].map((value) => (value % 36).toString(36)).join('')}${(digits[0] ?? 0) % 10}`;
}

export interface NamedAct {
  readonly act: Readonly<Record<string, unknown>>;
  /** Where the person goes on afterwards. */
  readonly focus: string | null;
  /** The list that is empty again when its entries are added. */
  readonly list?: string;
}

/** The act that a button of the form names; `forms.ts` of the room reads the same names. */
export function actOf(button: HTMLButtonElement, form: HTMLFormElement): NamedAct {
  const [name = '', id = ''] = button.value.split(':');
  const added = newId();
  const firstCell = `#row-${added} .gin:not([name$=".week"])`;
  const [kind = 'lecture', stage = null] = (
    form.querySelector<HTMLSelectElement>('#new-kind')?.value ?? 'lecture'
  ).split(':');
  switch (name) {
    case 'up':
    case 'down':
      return { act: { do: 'move-row', id, by: name === 'up' ? -1 : 1 }, focus: `#row-${id} summary` };
    case 'add-lecture':
    case 'add-practical':
      return { act: { do: 'add-row', id: added, kind: name.slice(4), after: id }, focus: firstCell };
    case 'duplicate-row':
      return { act: { do: 'duplicate-row', id: added, of: id }, focus: firstCell };
    case 'add-row':
      return { act: { do: 'add-row', id: added, kind, stage }, focus: firstCell };
    case 'add-mooc':
      return { act: { do: 'add-mooc', id: added }, focus: `#f-moocs-${added}-title` };
    case 'add-outcomes':
    case 'add-modules': {
      const list = `#new-${name.slice(4)}`;
      const text = form.querySelector<HTMLTextAreaElement>(list)?.value ?? '';
      const mooc = name === 'add-modules' ? { mooc: id } : {};
      return { act: { do: name, id: added, text, ...mooc }, focus: list, list };
    }
    case 'restore-row':
      return { act: { do: name, id }, focus: `#row-${id} .gin` };
    case 'restore-mooc':
      return { act: { do: name, id }, focus: `#f-moocs-${id}-title` };
    case 'restore-outcome':
      return { act: { do: name, id }, focus: `#f-outcomes-${id}-text` };
    case 'restore-module':
      return { act: { do: name, id }, focus: `#f-modules-${id}-title` };
    default:
      return { act: { do: name, id }, focus: '[data-notice] button' };
  }
}
