/** Appendix 1: who compiles the map, and who agrees it, in the order of the document. */
export const SIGNATORIES = ['teacher', 'programme-leader', 'online-education-director'] as const;
export type Signatory = (typeof SIGNATORIES)[number];

export interface Signature {
  readonly role: Signatory;
  /** Empty where nobody signed, or where the LMS does not tell names. */
  readonly name: string;
  readonly at: Date | null;
  readonly state: 'compiled' | 'agreed' | 'returned' | 'waiting';
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
