/** What the correlator says in its log: epochs, counts and refusals. A hub is named when it sends more than usual; never a pseudonym, a jti, or a line per signal. */
import { sides } from '#contracts';
import { defineEvents } from '#platform';
import type { EventLog } from '#platform';
import { tallyPolicies } from '#tallies';

const specs = {
  'pin-changed': { level: 'warn', fields: { file: ['followed', 'refused'], keyEpochs: 'number' } },
  'policy-live': { level: 'info', fields: { version: 'number' } },
  'policy-refused': { level: 'warn', fields: { reason: 'text' } },
  /** The key holder has a key epoch that our copy of its pin does not name: nothing is tallied until it does. */
  'pin-behind': { level: 'error', fields: { epoch: 'number' } },
  'epoch-closed': { level: 'info', fields: { epoch: 'number', entries: 'number' } },
  'side-tallied': {
    level: 'info',
    fields: {
      epoch: 'number',
      side: sides,
      policy: tallyPolicies,
      leaves: 'number',
      pairs: 'number',
      newPseudonyms: 'number',
      ms: 'number',
    },
  },
  /** SETs or selectors that count for nobody: gone, altered, or not signed as they should be. */
  'left-out': { level: 'warn', fields: { epoch: 'number', missingSets: 'number', refusedSelectors: 'number' } },
  'side-decided': {
    level: 'info',
    fields: { epoch: 'number', side: sides, policy: tallyPolicies, outcome: ['decided', 'waiting'] },
  },
  /** It is not approved by the people we know, or differs from another policy than the epoch's. */
  'shadow-refused': { level: 'warn', fields: { epoch: 'number' } },
  'side-given-up': {
    level: 'warn',
    fields: { epoch: 'number', side: sides, policy: tallyPolicies, reason: ['superseded', 'stale'] },
  },
  'decision-refused': { level: 'error', fields: { epoch: 'number', side: sides, reason: ['refused', 'frozen', 'unreachable'] } },
  'witness-overdue': { level: 'warn', fields: { epoch: 'number', side: sides } },
  'window-refused': { level: 'error', fields: { epoch: 'number', reason: ['unknown-policy', 'altered'] } },
  /** A hub sent more in one epoch than is usual for it: nothing is stopped by that, somebody should look. */
  'hub-over-usual-rate': { level: 'warn', fields: { epoch: 'number', hub: 'text', signals: 'number', limit: 'number' } },
  'step-failed': { level: 'error', fields: { step: ['weigh', 'close', 'advance', 'sweep', 'retain', 'rates'] } },
} as const;

export const correlatorEvents = defineEvents(specs);
export type CorrelatorEvents = EventLog<typeof specs>;
/** Injection token. */
export const EVENTS = Symbol('correlator events');
