/** What a witness says in its log: epochs, counts and alarms. A hub is named when its SETs are objected to; a pseudonym or a jti never. */
import { sides } from '#contracts';
import { defineEvents } from '#platform';
import type { EventLog } from '#platform';
import { tallyPolicies } from '#tallies';

/** Why an epoch is not inspected. */
export const manifestFaults = ['policy-older', 'signature', 'closing-day', 'root', 'named-twice'] as const;
export type ManifestFault = (typeof manifestFaults)[number];
/** Why a tree is not attested. */
export const treeFaults = ['signature', 'since', 'window', 'policy', 'incomplete', 'selectors', 'header', 'tallies'] as const;
export type TreeFault = (typeof treeFaults)[number];

const specs = {
  'pin-changed': { level: 'warn', fields: { file: ['followed', 'refused'], keyEpochs: 'number' } },
  'policy-live': { level: 'info', fields: { version: 'number' } },
  'policy-refused': { level: 'warn', fields: { reason: 'text' } },
  'policy-unknown': { level: 'warn', fields: { epoch: 'number' } },
  'epoch-inspected': { level: 'info', fields: { epoch: 'number', entries: 'number', objections: 'number' } },
  'hub-objected': { level: 'error', fields: { epoch: 'number', hub: 'text', objections: 'number' } },
  'manifest-refused': { level: 'error', fields: { epoch: 'number', fault: manifestFaults } },
  'hub-keys-missing': { level: 'warn', fields: { epoch: 'number' } },
  'sets-vanished': { level: 'error', fields: { epoch: 'number', count: 'number' } },
  'side-attested': {
    level: 'info',
    fields: { epoch: 'number', side: sides, policy: tallyPolicies, pairs: 'number', ms: 'number' },
  },
  'tree-refused': { level: 'error', fields: { epoch: 'number', side: sides, policy: tallyPolicies, fault: treeFaults } },
  'log-diverged': { level: 'error', fields: { log: 'text' } },
  'step-failed': { level: 'error', fields: { step: ['sweep'] } },
} as const;

export const witnessEvents = defineEvents(specs);
export type WitnessEvents = EventLog<typeof specs>;
/** Injection token. */
export const EVENTS = Symbol('witness events');
