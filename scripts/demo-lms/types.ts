export type MannerName = 'standard' | 'moodle' | 'open-edx';
export type Kind = 'tutor' | 'assistant' | 'leader' | 'director' | 'dean' | 'administrator' | 'student';
export type Locale = 'kk' | 'ru' | 'en';

export interface Person {
  readonly id: string;
  /** Given name, then family name; empty for a person whose name the LMS does not know. */
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly username: string;
  readonly kind: Kind;
  readonly locale: Locale;
  readonly email?: string;
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly shortName: string;
  /** The course that this one was copied from. */
  readonly copyOf?: string;
}

export interface Enrolment {
  readonly courseId: string;
  readonly userId: string;
  readonly role: Kind;
  readonly suspended?: boolean;
}

/** An activity on a course page: LTI's resource link. */
export interface ResourceLink {
  readonly id: string;
  readonly courseId: string;
  readonly title: string;
  readonly description: string;
  /** The tool that deep linking made it for; the first activity takes the first active tool. */
  readonly toolId?: string;
  readonly url?: string;
  readonly custom: Readonly<Record<string, string>>;
  /** There in the Open edX manner only. */
  readonly component?: Component;
}

/** An LTI component of Open edX: what its author sets in Studio, and what deep linking put into it. */
export interface Component extends ComponentSettings {
  /** Its number in the service addresses. */
  readonly pk: string;
  selection: readonly SelectedItem[];
}

export interface ComponentSettings {
  /** Part of the grade book; not so at first. */
  graded: boolean;
  /** The maximum of its cell in the grade book. */
  weight: number;
  /** The due date is over, and late grades are not taken. */
  pastDue: boolean;
  /** Declarative: the LMS makes the line item. Programmatic: the tool does. */
  agsMode: 'declarative' | 'programmatic';
}

/** What deep linking put into a component; its values stay of the type that the tool sent. */
export interface SelectedItem {
  readonly title?: string;
  readonly url?: string;
  readonly custom?: Readonly<Record<string, unknown>>;
}

export interface Tool {
  readonly id: string;
  readonly clientId: string;
  readonly deploymentId: string;
  readonly name: string;
  readonly description: string;
  state: 'pending' | 'active';
  readonly initiateLoginUri: string;
  readonly targetLinkUri: string;
  readonly redirectUris: readonly string[];
  readonly jwksUri: string;
  readonly scopes: readonly string[];
  readonly sendsNames: boolean;
  readonly sendsEmail: boolean;
  /** Where the deep-linking message goes; absent where the tool registered none. */
  readonly deepLinkingUri?: string;
  readonly submissionReview: boolean;
  readonly custom: Readonly<Record<string, string>>;
  /** Deployments beside the first. */
  readonly moreDeployments?: readonly string[];
  /** Out of the activity chooser: teachers add nothing of this tool until the administrator shows it again. */
  hidden?: boolean;
}

export interface LineItem {
  readonly id: string;
  readonly courseId: string;
  readonly toolId: string;
  /** The link's own ("coupled") grade item, made by the LMS and not through the service. */
  readonly own: boolean;
  label: string;
  maximum: number;
  resourceId?: string | undefined;
  tag?: string | undefined;
  resourceLinkId?: string | undefined;
  /** Locked in the gradebook: no score gets in. */
  locked?: boolean;
  startDateTime?: string | undefined;
  endDateTime?: string | undefined;
  /** A deep-linking item asked for it; it is copied with its activity. */
  readonly declared?: boolean;
  /** Open edX: the number of the component whose list it stands in. */
  readonly pk?: string;
}

/** Open edX keeps what a tool posted beside the grade book. */
export interface PostedScore {
  readonly lineItemId: string;
  readonly userId: string;
  readonly timestampMs: number;
  readonly given: number | null;
  readonly maximum: number | null;
  readonly comment: string;
}

/** Which deployment of a tool a course launches. */
export interface DeployedIn {
  readonly courseId: string;
  readonly toolId: string;
  readonly deploymentId: string;
}

/** The last thing that happened to a person's membership. */
export interface RosterChange {
  readonly courseId: string;
  readonly userId: string;
  readonly role: Kind;
  readonly version: number;
}

export interface Group {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
  readonly setId?: string;
  readonly userIds: readonly string[];
}

export interface GroupSet {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
}

/** What a tool selected, and what becomes an activity when the teacher saves it. */
export interface ContentItem {
  readonly title?: string;
  readonly text?: string;
  readonly url?: string;
  readonly custom: Readonly<Record<string, string>>;
  readonly lineItem?: Pick<LineItem, 'maximum' | 'resourceId' | 'tag'>;
}

export interface Grade {
  readonly lineItemId: string;
  readonly userId: string;
  mark: number | null;
  feedback: string;
  modifiedMs: number;
  /** A teacher typed it into the gradebook. */
  byTeacher: boolean;
}

export type ServiceName = 'token' | 'roster' | 'groups' | 'lineitems' | 'scores' | 'results' | 'jwks';

/** One request of a tool. `status` 0: the connection ended without an answer. */
export interface CallEntry {
  readonly at: Date;
  readonly service: ServiceName | 'configuration' | 'registration';
  readonly method: string;
  readonly path: string;
  status: number;
  userId?: string;
  /** Scores: whether the gradebook took it, whatever the status says. */
  accepted?: boolean;
  score?: number;
}

export interface GradebookView {
  readonly columns: readonly { readonly id: string; readonly label: string; readonly maximum: number }[];
  readonly rows: readonly {
    readonly userId: string;
    readonly name: string;
    readonly marks: Readonly<Record<string, number | null>>;
    readonly feedback: Readonly<Record<string, string>>;
  }[];
}

export const SCOPE = {
  roster: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  resultReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  groups: 'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly',
} as const;

export const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';

export const MEDIA = {
  lineItem: 'application/vnd.ims.lis.v2.lineitem+json',
  lineItems: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
  score: 'application/vnd.ims.lis.v1.score+json',
  scores: 'application/vnd.ims.lis.v1.scorecontainer+json',
  results: 'application/vnd.ims.lis.v2.resultcontainer+json',
  roster: 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
  groups: 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json',
  groupSets: 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json',
} as const;
