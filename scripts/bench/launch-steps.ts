import type { DemoLms, Tool } from '../demo-lms/index.js';
import { createVisitor, type Cookies, type Hop, type Visitor } from './visitor.js';

/** One of the two tools that are compared. */
export interface Contender {
  readonly name: string;
  readonly tool: Tool;
  /** Whether this is the first page that a person came for; an error page or a step on the way is not. */
  readonly arrived: (page: Hop) => boolean;
}

export interface Step {
  readonly name: string;
  readonly ms: number;
}

/** A launch under way. The steps hold the tool's requests only. */
export interface Launching {
  readonly contender: Contender;
  readonly personId: string;
  readonly visitor: Visitor;
  readonly steps: Step[];
  /** What the browser does next. */
  next: { url: string; form?: Record<string, string> };
}

const MAX_REDIRECTS = 6;

function fail(what: string, { status, url, body }: Hop): never {
  throw new Error(`${what}: ${url} answered ${status} ${body.slice(0, 300)}`);
}

/** The LMS's page sends the browser to the tool's login, which sends it back to the LMS. */
export async function login(
  lms: DemoLms,
  contender: Contender,
  personId: string,
  cookies: Cookies,
): Promise<Launching> {
  const { tool } = contender;
  const visitor = createVisitor(cookies);
  const hop = await visitor.post(tool.initiateLoginUri, {
    iss: lms.url,
    target_link_uri: tool.targetLinkUri,
    login_hint: personId,
    lti_message_hint: 'bench',
    client_id: tool.clientId,
    lti_deployment_id: tool.deploymentId,
  });
  const { origin } = new URL(tool.initiateLoginUri);
  let [last, ms] = [hop, hop.ms];
  // A browser that has no cookie yet may be sent once round by the tool itself, to see whether it keeps one.
  while (last.location !== undefined && new URL(last.location).origin === origin) {
    last = await visitor.get(last.location);
    ms += last.ms;
  }
  if (last.location === undefined) fail(`${contender.name}'s login`, last);
  return { contender, personId, visitor, steps: [{ name: 'login', ms }], next: { url: last.location } };
}

/** The LMS's part, which no tool's time holds: it signs who launches what, for the nonce that the tool gave. */
export async function sign(lms: DemoLms, launching: Launching, courseId: string): Promise<void> {
  const asked = new URL(launching.next.url).searchParams;
  const claims = lms.launchClaims(courseId, launching.personId, launching.contender.tool.id);
  const idToken = await lms.signIdToken({ ...claims, nonce: asked.get('nonce') ?? '' });
  launching.next = {
    url: asked.get('redirect_uri') ?? '',
    form: { id_token: idToken, state: asked.get('state') ?? '' },
  };
}

/** The browser posts what the LMS signed and follows every redirect until a page is there; gives the page's address. */
export async function present({ contender, visitor, steps, next }: Launching): Promise<string> {
  let hop = await visitor.post(next.url, next.form ?? {});
  steps.push({ name: 'launch', ms: hop.ms });
  for (let hops = 0; hop.location !== undefined; hops++) {
    if (hops === MAX_REDIRECTS) fail(`${contender.name} redirects without end`, hop);
    hop = await visitor.get(hop.location);
    steps.push({ name: 'page', ms: hop.ms });
  }
  if (hop.status !== 200 || !contender.arrived(hop)) fail(`${contender.name}'s first page`, hop);
  visitor.leave();
  return hop.url;
}

export const timeOf = ({ steps }: Pick<Launching, 'steps'>): number => steps.reduce((sum, { ms }) => sum + ms, 0);
