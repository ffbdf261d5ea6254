import { ofAct, type Act, type Step } from './history.js';

/** How an act on a row is taken back, and done again; `from` and `to` are the rows it stood and stands behind. */
export function stepOf(act: Act, from: string | null, to: string | null): Step | null {
  const { id } = act;
  const gone = { do: 'delete-row', id };
  const back = { do: 'restore-row', id };
  switch (act['do']) {
    case 'add-row':
    case 'duplicate-row':
    case 'restore-row':
      return ofAct(gone, back);
    case 'delete-row':
      return ofAct(back, gone);
    case 'move-row':
    case 'place-row':
      return from === to ? null : ofAct({ do: 'place-row', id, after: from }, { do: 'place-row', id, after: to });
    default:
      return null;
  }
}
