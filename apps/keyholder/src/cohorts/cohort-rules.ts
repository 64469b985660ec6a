/**
 * When cohorts open and close (protocol.md §2). They close for everybody alike when few slots are free, and open in blocks, so that a
 * label tells neither an account nor the time of an enrolment. Pure.
 */
import { DAY_MS } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { numberBelow } from '../keys/prf.js';

/** Keep this many open, once there are that many. */
export const LEAST_OPEN = 8;

export interface CohortSizes {
  /** slots of a cohort that are used */
  readonly slots: number;
  /** cohorts opened at a time, at least */
  readonly perBlock: number;
  /** the least number of this generation's cohorts: those below existed before it, and get nobody any more */
  readonly first: number;
}

/** A cohort with fewer free slots than this closes: a sixteenth. */
export const isRunningLow = (free: number, { slots }: CohortSizes): boolean => free < Math.max(1, slots / 16);

/** A closed cohort opens again when half of it is free: its accounts' selectors have gone. */
export const mayReopen = (free: number, { slots }: CohortSizes): boolean => free >= slots / 2;

/** How many cohorts to open now: none, or a block of at least a quarter of all there are. */
export const blockToOpen = (open: number, all: number, { perBlock }: CohortSizes): number =>
  open >= Math.min(LEAST_OPEN, Math.max(1, all)) ? 0 : Math.max(perBlock, Math.ceil(all / 4));

/** The cohorts that mints drew from, from one change to the next. */
export interface CohortList {
  readonly number: number;
  /** ascending */
  readonly cohorts: readonly number[];
}

/** Uniform, by the ticket's draw alone: whose ticket it is plays no part. */
export const drawCohort = ({ cohorts }: CohortList, draw: Uint8Array): number => cohorts[numberBelow(cohorts.length, draw)]!;

/** A SET may be that old when it arrives (protocol.md §4), and one day is only half over. */
const LATE_DAYS = 7 + 1;

/** Days after its last selector expired until a slot may be another's: no signal about that selector is in a window any more. */
export const daysUntilFree = ({ windowEpochs, epochSeconds }: Pick<PolicyDocument, 'windowEpochs' | 'epochSeconds'>): number =>
  Math.ceil((windowEpochs * epochSeconds * 1_000) / DAY_MS) + LATE_DAYS;
