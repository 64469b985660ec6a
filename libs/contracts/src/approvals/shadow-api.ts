/** `GET /v1/shadow` of the key holder: what a shadow policy would do, as counts that noise covers (operators only). */
import { z } from 'zod';
import { sides } from '../ids.js';
import { digestText, shadowParameters } from './request.js';

/** A report counts at the shadow's threshold times each of these. */
export const shadowSteps = [0.5, 0.75, 1, 1.25, 1.5] as const;
/** No count below this is told. */
export const leastShadowCount = 10;

export const shadowReport = z.strictObject({
  epoch: z.int(),
  side: z.enum(sides),
  version: z.int(),
  /** Accounts that would cross at each of `shadowSteps`; null: fewer than 10. */
  counts: z.array(z.int().min(leastShadowCount).nullable()).length(shadowSteps.length),
});
export type ShadowReport = z.output<typeof shadowReport>;

export const shadowAnswer = z.strictObject({
  /** Null while there is none: nobody asked, or the live policy it differs from was replaced. */
  shadow: shadowParameters.extend({ request: digestText }).nullable(),
  /** In ε; a period has 30 days. */
  budget: z.strictObject({ period: z.int(), spent: z.number(), limit: z.number(), perReport: z.number() }),
  /** The newest first. */
  reports: z.array(shadowReport).max(100),
});
export type ShadowAnswer = z.output<typeof shadowAnswer>;
