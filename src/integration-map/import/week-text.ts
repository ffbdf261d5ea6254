const WEEK =
  /^(?:апта|неделя|нед\.?|week|wk\.?)?\s*№?\s*(\d{1,2})\s*[-–.]?\s*(?:апта\p{L}*|недел\p{L}+|нед\.?|week)?\.?$/iu;

/** "Неделя 3", "3-апта", "3." are week 3. */
export const weekText = (text: string): string => WEEK.exec(text)?.[1] ?? text;
