/** Numbers that a university sets; the regulation names none but the tutor's hour. */
export interface Norms {
  /** One academic credit. */
  readonly hoursPerCredit: number;
  /** Of a credit, in class and in consultations; nothing where the university has no such norm. */
  readonly contactHoursPerCredit: number | undefined;
  /** 2.1: a MOOC that matches less is worth a second look. In per cent. */
  readonly matchThreshold: number;
  /** From here on one MOOC can carry the discipline, so that its result may count (model 3): its match in per cent… */
  readonly carryingMatch: number;
  /** …and its hours in the discipline's, in per cent. */
  readonly carryingHoursShare: number;
  /** 7.2: of the tutor's load, for the consultations before the controls and the exam together. */
  readonly consultationLoadHours: number;
}

export const USUAL_NORMS: Norms = {
  hoursPerCredit: 30,
  contactHoursPerCredit: undefined,
  matchThreshold: 50,
  carryingMatch: 80,
  carryingHoursShare: 50,
  consultationLoadHours: 1,
};

/** What a map is checked against. */
export interface CheckedBy {
  readonly norms: Norms;
  /** Do the course's results have a column for the MOOC? Model 3 lets its result count. */
  readonly moocResult: boolean;
}

export const USUALLY: CheckedBy = { norms: USUAL_NORMS, moocResult: false };
