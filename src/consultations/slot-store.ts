import { randomBytes } from 'node:crypto';
import { courseRef, type CourseRef } from '../launch/course.js';
import { isDuplicateKey } from '../database/duplicate.js';
import { slotKey, slotOf, type ConsultationModels, type SlotRow } from './models.js';
import { madeOf } from './rules.js';
import type { Booking, Host, Place, Slot, Stage } from './slot.js';

export interface NewSlots {
  readonly stage: Stage;
  readonly times: readonly { readonly startsAt: Date; readonly endsAt: Date }[];
  readonly zone: string;
  readonly place: Place;
  readonly capacity: number;
  readonly state: 'draft' | 'published';
  /** Came with the form: sending it twice makes the slots once. */
  readonly formKey: string;
}

export interface SlotEdit {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly zone: string;
  readonly place: Place;
  readonly capacity: number;
  /** Of the slot that the form showed. */
  readonly revision: number;
}

export type EditOutcome =
  | { readonly kind: 'saved' | 'changed' | 'closed' | 'no-such-slot' }
  | { readonly kind: 'below-taken'; readonly taken: number };

export type CancelSlotOutcome =
  { readonly kind: 'cancelled'; readonly affected: readonly Booking[] } | { readonly kind: 'closed' | 'no-such-slot' };

const sameEdit = (slot: Slot, edit: SlotEdit) =>
  slot.startsAt.getTime() === edit.startsAt.getTime() &&
  slot.endsAt.getTime() === edit.endsAt.getTime() &&
  slot.place.kind === edit.place.kind &&
  slot.place.detail === edit.place.detail &&
  slot.capacity === edit.capacity;

const TRIES = 20;

/** What tutors do with slots. Bookings go on meanwhile: each act is one conditional update of one slot. */
export function createSlotStore({ slots }: ConsultationModels) {
  const find = async (ref: CourseRef, id: string): Promise<Slot | null> => {
    const row = await slots.findOne(slotKey(ref, id)).lean<SlotRow | null>();
    return row && slotOf(row);
  };

  return {
    /** In order of time. */
    list: async (ref: CourseRef): Promise<Slot[]> => {
      const rows = await slots.find(courseRef(ref)).sort({ startsAt: 1, _id: 1 }).lean<SlotRow[]>();
      return rows.map(slotOf);
    },

    /** The same without anyone's seat: enough to say what can be booked, however many students there are. */
    outline: async (ref: CourseRef): Promise<Slot[]> => {
      const rows = await slots.find(courseRef(ref)).select('-bookings').sort({ startsAt: 1, _id: 1 }).lean<SlotRow[]>();
      return rows.map((row) => slotOf({ ...row, bookings: [] }));
    },

    /** Says how many of them there are now, which is the same however often the form is sent. */
    add: async (ref: CourseRef, asked: NewSlots, host: Host, now: Date): Promise<number> => {
      const { stage, times, zone, place, capacity, state, formKey } = asked;
      const rows = times.map(({ startsAt, endsAt }) => ({
        _id: randomBytes(9).toString('base64url'),
        ...courseRef(ref),
        ...{ stage, startsAt, endsAt, zone, place, capacity, state, host },
        ...{ free: capacity, bookings: [], revision: 1, made: madeOf(formKey, startsAt) },
        ...{ createdAt: now, changedAt: now, changedBy: host.sub },
      }));
      for (const row of rows)
        await slots.create(row).catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
      return slots.countDocuments({ ...courseRef(ref), made: { $in: rows.map(({ made }) => made) } });
    },

    /** Changes time, place and capacity, as long as nobody else did since the form was opened and no seat would be lost. */
    edit: async (ref: CourseRef, id: string, edit: SlotEdit, by: string, now: Date): Promise<EditOutcome> => {
      const { startsAt, endsAt, zone, place, capacity, revision } = edit;
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = await find(ref, id);
        if (!slot) return { kind: 'no-such-slot' };
        if (slot.state === 'cancelled' || (slot.state === 'published' && slot.startsAt <= now))
          return { kind: 'closed' };
        if (slot.revision !== revision) return { kind: sameEdit(slot, edit) ? 'saved' : 'changed' };
        const more = capacity - slot.capacity;
        if (slot.free + more < 0) return { kind: 'below-taken', taken: slot.capacity - slot.free };
        // Nobody's seat is taken away: that many must be free at the moment of the write. Publishing does not stand in the way.
        const unchanged = { ...slotKey(ref, id), revision, state: slot.state, free: { $gte: Math.max(0, -more) } };
        const { modifiedCount } = await slots.updateOne(unchanged, {
          $set: { startsAt, endsAt, zone, place, capacity, changedAt: now, changedBy: by },
          $inc: { free: more, revision: 1 },
        });
        if (modifiedCount === 1) return { kind: 'saved' };
      }
      return { kind: 'changed' };
    },

    /** Publishes a stage's drafts that are still to come, or one of them; says how many are published by it. */
    publish: async (
      ref: CourseRef,
      which: { stage: Stage } | { id: string },
      by: string,
      now: Date,
    ): Promise<number> => {
      const one: { _id: string } | { stage: Stage } = 'id' in which ? { _id: which.id } : { stage: which.stage };
      const drafts = { ...courseRef(ref), ...one, state: 'draft', startsAt: { $gt: now } } as const;
      const { modifiedCount } = await slots.updateMany(drafts, {
        $set: { state: 'published', changedAt: now, changedBy: by },
      });
      return modifiedCount;
    },

    /** Whoever is booked at this moment is affected; nobody can book after it. */
    cancel: async (ref: CourseRef, id: string, by: string, now: Date): Promise<CancelSlotOutcome> => {
      const open = { ...slotKey(ref, id), state: 'published', startsAt: { $gt: now } } as const;
      const row = await slots
        .findOneAndUpdate(
          open,
          { $set: { state: 'cancelled', changedAt: now, changedBy: by }, $inc: { revision: 1 } },
          { returnDocument: 'after' },
        )
        .lean<SlotRow | null>();
      if (row) return { kind: 'cancelled', affected: row.bookings };
      const slot = await find(ref, id);
      if (!slot || slot.state === 'draft') return { kind: 'no-such-slot' };
      return slot.state === 'cancelled' ? { kind: 'cancelled', affected: slot.bookings } : { kind: 'closed' };
    },

    /** Drafts only: what students saw stays. */
    deleteDraft: async (ref: CourseRef, id: string): Promise<'deleted' | 'not-a-draft' | 'no-such-slot'> => {
      const { deletedCount } = await slots.deleteOne({ ...slotKey(ref, id), state: 'draft' });
      if (deletedCount === 1) return 'deleted';
      return (await find(ref, id)) ? 'not-a-draft' : 'no-such-slot';
    },

    find,
  };
}
