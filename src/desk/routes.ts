import { Router, type Request, type Response } from 'express';
import { deskVisitOf, type DeskVisit } from '../launch/desk.js';
import type { SessionStore } from '../launch/session-store.js';
import { originsOf, platformFrom, TypedPlatform, type Lti, type Platform, type ToolValue } from '../lti/index.js';
import { AppError } from '../web/errors.js';
import { parse } from '../web/parse.js';
import { seeOther } from '../web/redirect.js';
import type { Views } from '../web/views.js';
import { DeploymentForm, LinkForm, NoticeQuery, OriginsForm, StateForm, WithdrawForm } from './forms.js';
import {
  deploymentRows,
  keyRows,
  linkRows,
  manualFields,
  platformRows,
  recordRows,
  testPanel,
  type Known,
} from './page.js';
import type { SelfTests } from './self-tests.js';

export interface DeskRouteDeps {
  readonly views: Views;
  readonly lti: Pick<Lti, 'platforms' | 'deployments' | 'toolKeys' | 'registrationLinks' | 'launchLog'>;
  readonly sessions: SessionStore;
  readonly selfTests: SelfTests;
  /** What an administrator copies into the LMS's own form. */
  readonly toolValues: readonly ToolValue[];
  readonly allowPrivateLms: boolean;
  readonly timeZone: string;
}

const SHOWN_RECORDS = 12;
const SHOWN_EVENTS = 100;

/** Who looks after this LMS only sees nothing of the others, not even that they are there. */
const mayAll = ({ platform }: DeskVisit): boolean => platform.desk === 'all';

function requireAll(visit: DeskVisit): void {
  if (!mayAll(visit)) throw new AppError('forbidden', 'own-desk-only');
}

/** The administrator's desk. `deskVisit` stands before it: whoever comes here administers an LMS that is registered. */
export function deskRoutes(deps: DeskRouteDeps): Router {
  const { views, timeZone: zone, sessions, selfTests } = deps;
  const { platforms, deployments, toolKeys, registrationLinks, launchLog } = deps.lti;

  const visible = async (visit: DeskVisit): Promise<readonly Platform[]> =>
    (await platforms.list()).filter(({ key }) => mayAll(visit) || key === visit.platform.key);

  async function asked(req: Request): Promise<{ visit: DeskVisit; platform: Platform }> {
    const visit = deskVisitOf(req);
    const platform = (await visible(visit)).find(({ id }) => id === req.params['platform']);
    if (!platform) throw new AppError('not_found', 'not-found');
    return { visit, platform };
  }

  async function known(platform: Platform): Promise<Known> {
    const [asking, lastLaunch, test] = await Promise.all([
      deployments.list(platform.key),
      launchLog.lastGood(platform.key),
      selfTests.get(platform),
    ]);
    return { platform, waiting: asking.filter(({ state }) => state === 'waiting').length, lastLaunch, test };
  }

  const noticeOf = (req: Request): string => {
    const { notice } = NoticeQuery.parse(req.query);
    return notice === undefined ? '' : deskVisitOf(req).t(`desk:notice.${notice}`);
  };

  async function sendPlatforms(req: Request, res: Response, link = ''): Promise<void> {
    const visit = deskVisitOf(req);
    const [all, links] = await Promise.all([
      visible(visit).then((list) => Promise.all(list.map(known))),
      mayAll(visit) ? registrationLinks.listOpen() : [],
    ]);
    views.sendDesk(res, visit, {
      view: 'desk/platforms',
      title: visit.t('desk:tab.platforms'),
      tab: 'platforms',
      model: {
        notice: noticeOf(req),
        mayAll: mayAll(visit),
        rows: platformRows(visit, all, zone),
        link,
        links: linkRows(visit, links, zone),
      },
      scripts: ['copy.js'],
    });
  }

  async function sendPlatform(req: Request, res: Response, fault = '', typed?: string): Promise<void> {
    const { visit, platform } = await asked(req);
    const [one, asking, records, keys] = await Promise.all([
      known(platform),
      deployments.list(platform.key),
      launchLog.last(SHOWN_RECORDS, platform.key),
      toolKeys.states(platform.key),
    ]);
    views.sendDesk(res, visit, {
      view: 'desk/platform',
      title: platform.lmsName,
      tab: 'platforms',
      status: fault === '' ? 200 : 400,
      model: {
        notice: noticeOf(req),
        id: platform.id,
        name: platform.lmsName,
        active: platform.active,
        own: platform.key === visit.platform.key,
        facts: {
          issuer: platform.issuer,
          clientId: platform.clientId,
          authorization: platform.authorizationEndpoint,
          token: platform.tokenEndpoint,
          audience: platform.tokenAudience === platform.tokenEndpoint ? '' : platform.tokenAudience,
          jwks: platform.jwksUrl,
        },
        origins: typed ?? platform.origins.join('\n'),
        originsFault: fault,
        deployments: deploymentRows(visit, platform, asking, zone),
        test: testPanel(visit, platform, one.test, zone),
        records: recordRows(visit, records, [platform], zone),
        keys: keyRows(visit, keys, zone),
        storageOrigin: new URL(platform.authorizationEndpoint).origin,
      },
      scripts: ['wait.js', 'browser-test.js'],
    });
  }

  const back = (res: Response, platform: Platform, notice: string) =>
    seeOther(res, `/desk/platforms/${platform.id}?notice=${notice}`);

  function sendAdd(
    req: Request,
    res: Response,
    view: Parameters<typeof manualFields>[1],
    faults?: Parameters<typeof manualFields>[2],
  ) {
    const visit = deskVisitOf(req);
    requireAll(visit);
    views.sendDesk(res, visit, {
      view: 'desk/add',
      title: visit.t('desk:tab.add'),
      tab: 'add',
      status: faults ? 400 : 200,
      model: {
        values: deps.toolValues.map(({ name, value }) => ({ name, label: visit.t(`desk:value.${name}`), value })),
        fields: manualFields(visit, view, faults),
        faulty: faults !== undefined,
      },
      scripts: ['copy.js'],
    });
  }

  return Router()
    .get('/', (req, res) => sendPlatforms(req, res))
    .post('/links', async (req, res) => {
      requireAll(deskVisitOf(req));
      const { hours } = parse(LinkForm, req.body);
      // Whoever registers by it looks after that LMS alone.
      await sendPlatforms(req, res, await registrationLinks.create({ hours, desk: 'own' }));
    })
    .post('/links/withdraw', async (req, res) => {
      requireAll(deskVisitOf(req));
      await registrationLinks.withdraw(parse(WithdrawForm, req.body).link);
      seeOther(res, '/desk/?notice=link-withdrawn');
    })
    .get('/add', (req, res) => sendAdd(req, res, undefined))
    .post('/add', async (req, res) => {
      requireAll(deskVisitOf(req));
      const typed = parse(TypedPlatform, req.body);
      const read = platformFrom(typed, { allowHttp: deps.allowPrivateLms, desk: 'own' });
      if ('faults' in read) {
        sendAdd(req, res, typed, read.faults);
        return;
      }
      back(res, await platforms.register(read.platform), 'added');
    })
    .get('/events', async (req, res) => {
      const visit = deskVisitOf(req);
      const records = await launchLog.last(SHOWN_EVENTS, mayAll(visit) ? undefined : visit.platform.key, 'refused');
      views.sendDesk(res, visit, {
        view: 'desk/events',
        title: visit.t('desk:tab.events'),
        tab: 'events',
        model: { records: recordRows(visit, records, await visible(visit), zone) },
      });
    })
    .get('/platforms/:platform', (req, res) => sendPlatform(req, res))
    .get('/platforms/:platform/state.json', async (req, res) => {
      const { platform } = await asked(req);
      res.json({ waiting: (await selfTests.get(platform)).state === 'running' });
    })
    .post('/platforms/:platform/test', async (req, res) => {
      const { platform } = await asked(req);
      await selfTests.start(platform);
      seeOther(res, `/desk/platforms/${platform.id}#test`);
    })
    .post('/platforms/:platform/deployments', async (req, res) => {
      const { platform } = await asked(req);
      const { deployment, do: act } = parse(DeploymentForm, req.body);
      if (act === 'approve') {
        await platforms.setDeployment(platform.key, deployment, true);
        await deployments.forget(platform.key, deployment);
      } else {
        await platforms.setDeployment(platform.key, deployment, false);
        await deployments.refuse(platform.key, deployment);
      }
      back(res, platform, act === 'approve' ? 'approved' : 'refused');
    })
    .post('/platforms/:platform/origins', async (req, res) => {
      const { visit, platform } = await asked(req);
      const typed = parse(OriginsForm, req.body).origins;
      const origins = originsOf(typed);
      if (!origins || origins.length === 0) return sendPlatform(req, res, visit.t('desk:fault.origin'), typed);
      await platforms.change(platform.key, { origins });
      back(res, platform, 'origins');
    })
    .post('/platforms/:platform/state', async (req, res) => {
      const { platform } = await asked(req);
      const { state } = parse(StateForm, req.body);
      await platforms.setActive(platform.key, state === 'on');
      if (state === 'off') await sessions.endAll(platform.key);
      back(res, platform, state);
    })
    .post('/platforms/:platform/keys', async (req, res) => {
      const { platform } = await asked(req);
      await toolKeys.rotate(platform.key);
      back(res, platform, 'key');
    });
}
