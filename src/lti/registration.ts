import { z } from 'zod';
import { AppError } from '../web/errors.js';
import type { LmsFetch } from './lms-fetch.js';
import type { Desk, Platform, Platforms } from './platforms.js';
import { toolRegistration } from './tool-configuration.js';

const PLATFORM_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

const url = z.url({ protocol: /^https?$/ }).max(2000);
/** Issuer and client id are joined by a space into the platform's key. */
const UNBROKEN = /^\S+$/;

/** LTI Dynamic Registration 1.0, section 3.4. */
const OpenIdConfiguration = z.object({
  issuer: url.regex(UNBROKEN),
  authorization_endpoint: url,
  token_endpoint: url,
  jwks_uri: url,
  registration_endpoint: url,
  authorization_server: z.string().max(2000).optional(),
  [PLATFORM_CONFIGURATION]: z.object({ product_family_code: z.string().optional() }).optional(),
});
type OpenIdConfiguration = z.output<typeof OpenIdConfiguration>;

const RegistrationAnswer = z.object({
  client_id: z.string().max(255).regex(UNBROKEN),
  [TOOL_CONFIGURATION]: z.object({ deployment_id: z.coerce.string().min(1).max(255).optional() }).optional(),
});

const LMS_NAMES: Record<string, string> = {
  moodle: 'Moodle',
  canvas: 'Canvas',
  blackboard: 'Blackboard',
  BlackboardLearn: 'Blackboard',
  desire2learn: 'Brightspace',
  sakai: 'Sakai',
};

function json(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const failure = (reason: string, cause?: unknown) =>
  new AppError('lms_unavailable', `registration.${reason}`, { cause });

/** Reads the LMS's own description. Its issuer must be of the host that served it, else anyone could register anyone. */
export async function readConfiguration(lmsFetch: LmsFetch, address: string): Promise<OpenIdConfiguration> {
  const answer = await lmsFetch({ method: 'GET', url: address, headers: { Accept: 'application/json' } });
  if (answer.failure === 'address-refused') throw new AppError('invalid_request', 'registration.address');
  // Without its query: Canvas carries the one-time token there, and this goes to the log.
  if (answer.status !== 200)
    throw failure('unreachable', `${new URL(address).origin}: ${answer.status} ${answer.failure ?? ''}`);
  const parsed = OpenIdConfiguration.safeParse(json(answer.body));
  if (!parsed.success) throw failure('not-an-lms', parsed.error);
  if (new URL(parsed.data.issuer).host !== new URL(address).host)
    throw new AppError('invalid_request', 'registration.issuer');
  // The browser carries the sign-in there: what begins over https goes on so.
  const { issuer, authorization_endpoint: authorization } = parsed.data;
  if (new URL(address).protocol === 'https:' && [issuer, authorization].some((one) => !/^https:/i.test(one)))
    throw new AppError('invalid_request', 'registration.address');
  return parsed.data;
}

export const lmsNameOf = (configuration: OpenIdConfiguration): string => {
  const family = configuration[PLATFORM_CONFIGURATION]?.product_family_code ?? '';
  return (Object.hasOwn(LMS_NAMES, family) ? LMS_NAMES[family] : undefined) ?? 'LMS';
};

/** Registers the tool at the LMS and stores the LMS here. */
export async function register(
  { lmsFetch, platforms, publicUrl }: { lmsFetch: LmsFetch; platforms: Platforms; publicUrl: string },
  configuration: OpenIdConfiguration,
  registrationToken: string | undefined,
  desk: Desk,
): Promise<Platform> {
  const answer = await lmsFetch({
    method: 'POST',
    url: configuration.registration_endpoint,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      ...(registrationToken === undefined ? {} : { Authorization: `Bearer ${registrationToken}` }),
    },
    body: JSON.stringify(toolRegistration(publicUrl)),
  });
  if (answer.failure === 'address-refused') throw new AppError('invalid_request', 'registration.address');
  // Moodle answers 200, the specification says 201.
  if (answer.status !== 200 && answer.status !== 201)
    throw failure(answer.status === 0 ? 'unreachable' : 'refused', `${answer.status} ${answer.body.slice(0, 500)}`);
  const parsed = RegistrationAnswer.safeParse(json(answer.body));
  if (!parsed.success) throw failure('bad-answer', parsed.error);
  const deployment = parsed.data[TOOL_CONFIGURATION]?.deployment_id;
  return platforms.register({
    issuer: configuration.issuer,
    clientId: parsed.data.client_id,
    authorizationEndpoint: configuration.authorization_endpoint,
    tokenEndpoint: configuration.token_endpoint,
    tokenAudience: configuration.authorization_server ?? configuration.token_endpoint,
    jwksUrl: configuration.jwks_uri,
    lmsName: lmsNameOf(configuration),
    origins: [new URL(configuration.issuer).origin],
    deployments: deployment === undefined ? [] : [deployment],
    desk,
  });
}
