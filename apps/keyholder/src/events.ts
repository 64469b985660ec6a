/** What the key holder says in its log: the life of the process, and counts. Never a handle, an id, or a line per request. */
import { sides } from '#contracts';
import { defineEvents } from '#platform';
import type { EventLog } from '#platform';
import { shadowFaults } from '#policy';
import { tallyPolicies } from '#tallies';

const specs = {
  sealed: { level: 'warn', fields: {} },
  unsealed: { level: 'warn', fields: { shares: 'number' } },
  'auto-unsealed': { level: 'warn', fields: { danger: 'text' } },
  'policy-live': { level: 'info', fields: { version: 'number' } },
  'policy-refused': { level: 'warn', fields: { reason: 'text' } },
  'day-turned': { level: 'info', fields: { wrapKeys: 'number', positionsFreed: 'number' } },
  'ticket-keys-changed': { level: 'warn', fields: { followed: 'boolean' } },
  'key-epoch-begun': { level: 'warn', fields: { keyEpoch: 'number' } },
  'key-epoch-destroyed': { level: 'warn', fields: { keyEpoch: 'number' } },
  'cohorts-opened': { level: 'info', fields: { cohorts: 'number' } },
  'cohorts-closed': { level: 'info', fields: { cohorts: 'number' } },
  'positions-loaded': { level: 'info', fields: { cohorts: 'number', open: 'number' } },
  'tree-decided': { level: 'info', fields: { epoch: 'number', side: sides, policy: tallyPolicies, tallies: 'number' } },
  'decisions-frozen': { level: 'error', fields: { epoch: 'number', side: sides, fault: 'text' } },
  'decisions-unfrozen': { level: 'warn', fields: {} },
  'log-not-cosigned': { level: 'error', fields: { fault: ['unreachable', 'refused', 'diverged', 'database'] } },
  'shadow-refused': { level: 'warn', fields: { fault: shadowFaults } },
  'policy-not-followed': { level: 'warn', fields: { version: 'number' } },
  'upkeep-failed': { level: 'error', fields: {} },
} as const;

export const keyholderEvents = defineEvents(specs);
export type KeyholderEvents = EventLog<typeof specs>;
/** Injection token. */
export const EVENTS = Symbol('keyholder events');
