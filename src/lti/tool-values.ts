import { SCOPES } from './services/call.js';

/** A value that an administrator copies from Serik into the LMS's own form. */
export interface ToolValue {
  readonly name: 'login' | 'launch' | 'keys' | 'domain' | 'scopes';
  readonly value: string;
}

export const toolValues = (publicUrl: string): readonly ToolValue[] => [
  { name: 'login', value: `${publicUrl}/lti/login` },
  { name: 'launch', value: `${publicUrl}/lti/launch` },
  { name: 'keys', value: `${publicUrl}/lti/keys` },
  { name: 'domain', value: new URL(publicUrl).host },
  { name: 'scopes', value: Object.values(SCOPES).join(' ') },
];
