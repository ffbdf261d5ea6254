import { ROLES, type Role } from '../../src/launch/permissions.js';

/** What a request of the tests needs to know of the course that it asks for. */
export interface Ids {
  /** A published slot of the course, and a draft of it. */
  readonly slot: string;
  readonly draft: string;
  /** A choice of content under way. */
  readonly selection: string;
  /** A student of the course. */
  readonly student: string;
  /** Another course, to be taken over from. */
  readonly origin: string;
  /** The digest of what applying the map would do. */
  readonly shown: string;
}

export interface Sent {
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export interface CourseRoute {
  readonly roles: readonly Role[];
  /** Of a request that would really change something. */
  readonly sent?: (ids: Ids) => Sent;
}

const STAFF: readonly Role[] = ['tutor', 'assistant', 'observer'];
const TUTOR: readonly Role[] = ['tutor'];
const SLOTS: readonly Role[] = ['tutor', 'assistant'];
const STUDENT: readonly Role[] = ['student'];

const form = (fields: Readonly<Record<string, string>>) => (): Sent => ({ form: fields });

const tomorrow = () => new Date(Date.now() + 26 * 3_600_000).toISOString().slice(0, 10);
export const slotForm = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  stage: 'midterm-1',
  key: 'made-by-a-test',
  date: tomorrow(),
  time: '10:00',
  minutes: '30',
  capacity: '5',
  count: '1',
  break: '0',
  place: 'room',
  room: '101',
  state: 'published',
  overlap: 'accepted',
  ...more,
});
const mark = ({ student }: Ids) => JSON.stringify([['midterm-1', student, 77]]);

/** Every route below `/c/:course`, who may call it, and what a request with an effect looks like. */
export const COURSE_ROUTES: Readonly<Record<string, CourseRoute>> = {
  'get /': { roles: ROLES },
  'get /overview/state.json': { roles: STAFF },
  'get /students': { roles: STAFF },
  'get /students/state.json': { roles: STAFF },
  'post /students/read': { roles: TUTOR, sent: form({}) },
  'get /map': { roles: STAFF },
  'get /map/changes': { roles: TUTOR },
  'patch /map': {
    roles: TUTOR,
    sent: () => ({ json: { since: 1, changes: [{ path: 'head.semester', base: '', value: 'spring' }] } }),
  },
  'post /map': {
    roles: TUTOR,
    sent: form({ _base: '{}', _since: '1', _new: 'n1', 'head.semester': 'spring' }),
  },
  'post /map/act': { roles: TUTOR, sent: () => ({ json: { since: 1, act: { do: 'add-mooc', id: 'm77' } } }) },
  'post /map/start': { roles: TUTOR, sent: form({}) },
  'get /map/apply': { roles: TUTOR },
  'post /map/apply': { roles: TUTOR, sent: ({ shown }) => ({ form: { shown } }) },
  'get /map/document.docx': { roles: STAFF },
  'get /map/document.pdf': { roles: STAFF },
  'get /map/document.json': { roles: STAFF },
  'get /map/import': { roles: TUTOR },
  'post /map/import': { roles: TUTOR, sent: form({ text: '{"serik":"integration-map","version":1}' }) },
  'get /map/table': { roles: TUTOR },
  'post /map/table': { roles: TUTOR, sent: form({ do: 'add', text: 'Week\tTopic\n1\tFrom a table' }) },
  'get /agreement': { roles: STAFF },
  'get /agreement/versions/:version': { roles: STAFF },
  'post /agreement/submit': { roles: TUTOR, sent: form({ revision: '2', reason: 'sent by a test' }) },
  'post /agreement/withdraw': { roles: TUTOR, sent: form({ version: '1', revision: '1' }) },
  'get /plan': { roles: STUDENT },
  'get /plan/print': { roles: STUDENT },
  'get /plan/calendar': { roles: STUDENT },
  'get /consultations': { roles: ROLES },
  'post /consultations/slots': { roles: SLOTS, sent: () => ({ form: slotForm() }) },
  'post /consultations/publish': { roles: SLOTS, sent: form({ stage: 'midterm-1' }) },
  'post /consultations/slots/:slot': {
    roles: SLOTS,
    sent: () => ({ form: slotForm({ capacity: '9', revision: '1' }) }),
  },
  'post /consultations/slots/:slot/publish': { roles: SLOTS, sent: form({}) },
  'post /consultations/slots/:slot/cancel': { roles: SLOTS, sent: form({}) },
  'post /consultations/slots/:slot/delete': { roles: SLOTS, sent: form({}) },
  'post /consultations/bookings': { roles: STUDENT, sent: ({ slot }) => ({ form: { slot } }) },
  'post /consultations/bookings/cancel': { roles: STUDENT, sent: ({ slot }) => ({ form: { slot } }) },
  'get /results': { roles: STAFF },
  'get /results/state.json': { roles: STAFF },
  'get /results.csv': { roles: STAFF },
  'patch /results': {
    roles: TUTOR,
    sent: ({ student }) => ({ json: { column: 'midterm-1', sub: student, base: null, value: '77' } }),
  },
  'post /results': {
    roles: TUTOR,
    sent: ({ student }) => ({
      form: { 'sub.0': student, 'base.0.midterm-1': '', 'mark.0.midterm-1': '77' },
    }),
  },
  'post /results/send': { roles: TUTOR, sent: (ids) => ({ form: { marks: mark(ids) } }) },
  'post /results/again': { roles: TUTOR, sent: (ids) => ({ form: { marks: mark(ids) } }) },
  'post /results/decide': {
    roles: TUTOR,
    sent: ({ student }) => ({ form: { do: 'ours', column: 'midterm-1', sub: student, value: '77', theirs: '' } }),
  },
  'post /results/maximum': { roles: TUTOR, sent: form({ column: 'midterm-1', maximum: '50' }) },
  'get /place/:selection': { roles: TUTOR },
  'post /place/:selection': { roles: TUTOR, sent: form({ place: 'mooc' }) },
  'get /copied': { roles: TUTOR },
  'post /copied': { roles: TUTOR, sent: ({ origin }) => ({ form: { from: origin, do: 'copy' } }) },
  'post /sign-out': { roles: ROLES, sent: form({}) },
};

export interface DeskRoute {
  /** Only for administrators who look after all LMSs of this Serik. */
  readonly all?: true;
  readonly sent?: Sent;
}

/** Every route below `/desk`. Without `all` an administrator of one LMS may call it, for that LMS. */
export const DESK_ROUTES: Readonly<Record<string, DeskRoute>> = {
  'get /': {},
  'post /links': { all: true, sent: { form: { hours: '24' } } },
  'post /links/withdraw': { all: true, sent: { form: { link: 'none' } } },
  'get /add': { all: true },
  'post /add': {
    all: true,
    sent: {
      form: {
        lmsName: 'Added by a test',
        issuer: 'https://added.example',
        clientId: 'added',
        authorizationEndpoint: 'https://added.example/auth',
        tokenEndpoint: 'https://added.example/token',
        jwksUrl: 'https://added.example/jwks',
      },
    },
  },
  'get /events': {},
  'get /agreement': {},
  'post /agreement/give': { sent: { form: { person: 'nobody', role: 'director', scope: '' } } },
  'post /agreement/take': { sent: { form: { id: 'none' } } },
  'get /platforms/:platform': {},
  'get /platforms/:platform/state.json': {},
  'post /platforms/:platform/test': { sent: { form: {} } },
  'post /platforms/:platform/deployments': { sent: { form: { deployment: 'let-in', do: 'approve' } } },
  'post /platforms/:platform/origins': { sent: { form: { origins: 'https://evil.example' } } },
  'post /platforms/:platform/keys': { sent: { form: {} } },
  'post /platforms/:platform/state': { sent: { form: { state: 'off' } } },
  'post /sign-out': { sent: { form: {} } },
};

/** Every route below `/my`. */
export const STAFF_ROUTES: Readonly<Record<string, { readonly sent?: Sent }>> = {
  'get /': {},
  'post /courses/:course': { sent: { form: {} } },
  'get /approvals': {},
  'get /approvals/:course/:version': {},
  'post /approvals/:course/:version': { sent: { form: { revision: '1', do: 'agree', about: 'map', comment: '' } } },
  'post /sign-out': { sent: { form: {} } },
};

/** Doors that need no session, and what a stranger who knows nothing meets there. */
export const OPEN_DOORS: Readonly<Record<string, number>> = {
  'get /': 401,
  'get /healthz': 200,
  'get /readyz': 200,
  'get /enter': 400,
  'get /v/': 200,
  'get /v/:code': 404,
  'post /open': 403,
  'post /lti/launch': 401,
  'get /lti/login': 401,
  'post /lti/login': 401,
  'get /lti/keys': 200,
  'get /lti/config/canvas.json': 200,
  'get /calendar/:token.ics': 404,
  'get /lti/register/:code': 403,
  'post /lti/register/:code': 403,
};

/** What is mounted as a plain function: a folder of files, and what stands before a registration. */
export const MOUNTED = ['/assets', '/lti/register', '/lti/register/:code'];
