import { toolConfiguration } from './tool-configuration.js';

/** A value that an administrator copies from Serik into the LMS's own form. */
export interface ToolValue {
  readonly name: 'login' | 'launch' | 'keys' | 'domain' | 'scopes';
  readonly value: string;
}

export function toolValues(publicUrl: string): readonly ToolValue[] {
  const tool = toolConfiguration(publicUrl);
  return [
    { name: 'login', value: tool.loginUrl },
    { name: 'launch', value: tool.launchUrl },
    { name: 'keys', value: tool.keysUrl },
    { name: 'domain', value: tool.domain },
    { name: 'scopes', value: tool.scopes.join(' ') },
  ];
}
