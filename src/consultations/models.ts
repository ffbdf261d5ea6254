import { Schema, type Connection } from 'mongoose';
import { courseRef, type CourseRef } from '../launch/course.js';
import type { Claim, Slot } from './slot.js';

export interface SlotRow extends CourseRef, Omit<Slot, 'id'> {
  _id: string;
  createdAt: Date;
  changedAt: Date;
  changedBy: string;
}

export interface ClaimRow extends CourseRef, Claim {}

const text = { type: String, required: true } as const;
const moment = { type: Date, required: true } as const;
const whole = { type: Number, required: true } as const;
const course = { platform: text, deployment: text, context: text };
const byCourse = { platform: 1, deployment: 1, context: 1 } as const;

const slotSchema = new Schema<SlotRow>(
  {
    _id: text,
    ...course,
    stage: text,
    startsAt: moment,
    endsAt: moment,
    zone: text,
    place: { kind: text, detail: text },
    capacity: whole,
    free: whole,
    bookings: [{ _id: false, sub: text, name: { type: String, default: '' }, at: moment, token: text }],
    state: text,
    host: { sub: text, name: { type: String, default: '' } },
    revision: whole,
    made: text,
    createdAt: moment,
    changedAt: moment,
    changedBy: text,
  },
  { versionKey: false, collection: 'consultationSlots' },
);
slotSchema.index({ ...byCourse, startsAt: 1 });
slotSchema.index({ ...byCourse, made: 1 }, { unique: true });
const claimSchema = new Schema<ClaimRow>(
  {
    ...course,
    stage: text,
    sub: text,
    slot: { type: String, default: null },
    token: { type: String, default: null },
    trying: {
      type: new Schema({ slot: text, token: text, at: moment }, { _id: false }),
      default: null,
    },
  },
  { versionKey: false, collection: 'consultationClaims' },
);
// One seat for each student and stage, whatever happens at once.
claimSchema.index({ ...byCourse, stage: 1, sub: 1 }, { unique: true });

export const consultationModels = (connection: Connection) => ({
  slots: connection.model<SlotRow>('ConsultationSlot', slotSchema),
  claims: connection.model<ClaimRow>('ConsultationClaim', claimSchema),
});

export type ConsultationModels = ReturnType<typeof consultationModels>;

export function slotOf(row: SlotRow): Slot {
  const { _id, stage, startsAt, endsAt, zone, place, capacity, free, bookings, state, host, revision, made } = row;
  return { id: _id, stage, startsAt, endsAt, zone, place, capacity, free, bookings, state, host, revision, made };
}

export const claimOf = ({ stage, sub, slot, token, trying }: ClaimRow): Claim => ({ stage, sub, slot, token, trying });

/** The address of one slot: an id of another course leads nowhere. */
export const slotKey = (ref: CourseRef, id: string) => ({ ...courseRef(ref), _id: id });
