import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/root.js';
import type { DemoLms } from '../demo-lms/index.js';

/** An administrator fills in the LMS's own form for the tool; gives what the tool's operator is told in return. */
export function addToolByHand(lms: DemoLms, toolUrl: string) {
  const launch = `${toolUrl}/lti/launch`;
  const tool = lms.addTool({
    initiateLoginUri: `${toolUrl}/lti/login`,
    targetLinkUri: launch,
    redirectUris: [launch],
    jwksUri: `${toolUrl}/lti/keys`,
    deepLinkingUri: launch,
  });
  return lms.connection(tool.id);
}

/** The same, and then the operator's command, as lti-config/ says. */
export async function registerByHand(
  lms: DemoLms,
  tool: { readonly url: string; readonly mongodbUri: string; readonly secret: string },
): Promise<void> {
  const { issuer, clientId, deploymentId, authorizationEndpoint, tokenEndpoint, jwksUri } = addToolByHand(
    lms,
    tool.url,
  );
  const words = [
    ...['--name', 'Open edX', '--issuer', issuer, '--client-id', clientId, '--deployment', deploymentId],
    ...['--auth-url', authorizationEndpoint, '--token-url', tokenEndpoint, '--jwks-url', jwksUri],
  ];
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PUBLIC_URL: tool.url,
    MONGODB_URI: tool.mongodbUri,
    SECRET: tool.secret,
  };
  const admin = join(projectRoot, 'dist', 'src', 'admin.js');
  await promisify(execFile)(process.execPath, [admin, 'platform', 'add', ...words], { cwd: projectRoot, env });
}
