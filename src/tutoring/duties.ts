import type { ColumnFacts, OverviewFacts, StageFacts } from './overview-facts.js';

/** One act that the regulation asks of the tutor, in the state that the facts show. Pure: the page puts it into words. */
export interface Duty {
  readonly id: 'map' | 'slots' | 'publish' | 'seats' | 'marks' | 'send' | 'refused';
  /** Clause of the regulation. */
  readonly clause: '7.2' | '7.3' | '7.4';
  readonly state: 'urgent' | 'open' | 'done';
  /** What the words count. */
  readonly count: number;
  readonly of: number;
  readonly path: string;
}

const mapDuty = ({ map }: OverviewFacts): Duty => {
  const missing = map.sections.reduce((sum, section) => sum + section.missing, 0);
  const done = map.exists && missing === 0;
  return {
    id: 'map',
    clause: '7.4',
    state: done ? 'done' : 'open',
    count: map.exists ? missing : 0,
    of: map.exists ? 1 : 0,
    path: '/map',
  };
};

function stageDuty(facts: StageFacts, students: number): Duty {
  const shared = { clause: '7.2', path: '/consultations?stage=midterm-1', of: students } as const;
  if (facts.slots + facts.drafts === 0) return { ...shared, id: 'slots', state: 'open', count: students };
  if (facts.slots === 0) return { ...shared, id: 'publish', state: 'open', count: facts.drafts };
  if (facts.missingSeats > 0) return { ...shared, id: 'seats', state: 'open', count: facts.missingSeats };
  return { ...shared, id: 'seats', state: 'done', count: facts.booked };
}

function markDuties(facts: ColumnFacts, students: number): Duty[] {
  const shared = { clause: '7.3', path: '/results', of: students } as const;
  const { entered } = facts;
  const all: Duty[] = [
    { ...shared, id: 'marks', state: students > 0 && entered >= students ? 'done' : 'open', count: entered },
  ];
  if (facts.unsent > 0) all.push({ ...shared, id: 'send', state: 'open', count: facts.unsent });
  if (facts.refused > 0) all.unshift({ ...shared, id: 'refused', state: 'urgent', count: facts.refused });
  return all;
}

/** What is to be done, the most urgent first; what is done comes last. */
export function dutiesOf(facts: OverviewFacts): Duty[] {
  // A course whose map has no midterm 1 owes nothing for it.
  const column = facts.columns.find((one) => one.column === 'midterm-1');
  const stage = facts.stages.find((one) => one.stage === 'midterm-1');
  const duties = [
    ...(column ? markDuties(column, facts.students) : []),
    mapDuty(facts),
    ...(stage ? [stageDuty(stage, facts.students)] : []),
  ];
  const rank = { urgent: 0, open: 1, done: 2 };
  const order = ['refused', 'map', 'slots', 'publish', 'seats', 'send', 'marks'];
  return duties.sort((a, b) => rank[a.state] - rank[b.state] || order.indexOf(a.id) - order.indexOf(b.id));
}
