/** What comes back from the LMS; words in capitals are to be replaced. */
export interface BroughtBack {
  readonly name: string;
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly deployment: string;
  /** Where it is not the token URL. */
  readonly audience?: string;
  /** Where pages of the LMS are of another origin than the issuer. */
  readonly origin?: string;
}

export const storeCommand = (back: BroughtBack): string => {
  const options = [
    `--name ${back.name}`,
    `--issuer ${back.issuer}`,
    '--client-id CLIENT_ID',
    `--auth-url ${back.authUrl}`,
    `--token-url ${back.tokenUrl}`,
    `--jwks-url ${back.jwksUrl}`,
    ...(back.audience === undefined ? [] : [`--audience ${back.audience}`]),
    `--deployment ${back.deployment}`,
    ...(back.origin === undefined ? [] : [`--origin ${back.origin}`]),
  ];
  return ['```', ['npm run admin -- platform add', ...options].join(' \\\n  '), '```'].join('\n');
};

/** The fields of a form, by the names that the LMS gives them. */
export const fields = (rows: readonly (readonly [field: string, value: string])[]): string =>
  rows.map(([field, value]) => `- **${field}**: ${value}`).join('\n');

export const code = (text: string) => `\`${text}\``;
export const indented = (text: string) => text.replace(/^(?=.)/gm, '   ');

/** The first step wherever the LMS registers by link. */
export const ONE_TIME_LINK = `On Serik's machine: \`npm run admin -- registration-link\`. It prints a link that works once, within 72 hours.`;
export const PRIVATE_NETWORK = `- _The LMS is inside your own network._ Serik asks no private address by itself: set \`ALLOW_PRIVATE_LMS=true\`.`;
