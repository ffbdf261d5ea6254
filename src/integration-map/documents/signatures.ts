/** Appendix 1: who compiles the map, and who agrees it, in the order of the document. */
export const SIGNATORIES = ['teacher', 'programme-leader', 'director'] as const;
export type Signatory = (typeof SIGNATORIES)[number];

export interface Signature {
  readonly role: Signatory;
  /** Empty where nobody signed, or where the LMS does not tell names. */
  readonly name: string;
  readonly at: Date | null;
  readonly state: 'compiled' | 'agreed' | 'returned' | 'waiting';
}

/** What the agreement says of a document. */
export interface Agreed {
  readonly version: number;
  readonly standing: 'waiting' | 'in-force' | 'replaced' | 'returned' | 'withdrawn';
  /** When it came into force. */
  readonly since: Date | null;
  readonly signatures: readonly Signature[];
  /** Where a reader sees whether the paper is still the version in force; nothing before it was. */
  readonly check: { readonly code: string; readonly url: string; readonly qr: Buffer } | null;
}

/** A map that nobody agreed yet: whoever changed it last compiled it. */
export const unsigned = ({ updatedBy }: { readonly updatedBy: { readonly name: string } }): readonly Signature[] => [
  { role: 'teacher', name: updatedBy.name, at: null, state: 'compiled' },
];

/** Each role once or more often, in the document's order; a role that nobody fills stays as an empty line. */
export const signaturesOf = (agreement: readonly Signature[], roles: readonly Signatory[]): Signature[] =>
  roles.flatMap((role): Signature[] => {
    const signed = agreement.filter((signature) => signature.role === role);
    return signed.length > 0 ? signed : [{ role, name: '', at: null, state: 'waiting' }];
  });
