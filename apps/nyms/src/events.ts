/** What nyms says in its log: the life of the process and counts. Never a pseudonym, a hub's signal, an address, or a line per request. */
import { streamStatuses } from '#contracts';
import { defineEvents } from '#platform';
import type { EventLog } from '#platform';
import { pollFailures } from './polling/poll-request.js';

const specs = {
  'pin-changed': { level: 'warn', fields: { file: ['followed', 'refused'], keyEpochs: 'number' } },
  'policy-live': { level: 'info', fields: { version: 'number' } },
  'policy-refused': { level: 'warn', fields: { reason: 'text' } },
  'pin-behind': { level: 'error', fields: { at: ['mint', 'renewal'] } },
  'selector-refused': { level: 'error', fields: { at: ['mint', 'renewal'], code: 'text' } },
  'hub-stream': { level: 'info', fields: { hub: 'text', status: streamStatuses } },
  'hub-unverified': { level: 'warn', fields: { hub: 'text' } },
  'hub-poll-failing': { level: 'warn', fields: { hub: 'text', reason: pollFailures } },
  'hub-poll-resumed': { level: 'info', fields: { hub: 'text' } },
  'wake-failed': { level: 'warn', fields: {} },
  'selectors-shown': { level: 'info', fields: { selectors: 'number' } },
  'pseudonyms-revoked': { level: 'info', fields: { count: 'number' } },
  'pseudonyms-in-term': { level: 'info', fields: { disabled: 'number', enabled: 'number' } },
  'enforcement-stopped': { level: 'warn', fields: { loop: ['looking', 'frames'] } },
  'enforcement-resumed': { level: 'info', fields: { loop: ['looking', 'frames'] } },
  'status-lists-published': { level: 'info', fields: { lists: 'number' } },
  'status-lists-failed': { level: 'error', fields: {} },
  'act-forwarded': { level: 'info', fields: {} },
  'acts-waiting': { level: 'warn', fields: { count: 'number' } },
  'retention-done': { level: 'info', fields: { signals: 'number', pseudonyms: 'number', selectors: 'number' } },
  'deliveries-removed': { level: 'info', fields: { expired: 'number', lines: 'number', subjects: 'number' } },
  'delivery-wake-failed': { level: 'warn', fields: {} },
  'retention-failed': { level: 'error', fields: {} },
} as const;

export const nymsEvents = defineEvents(specs);
export type NymsEvents = EventLog<typeof specs>;
/** Injection token. */
export const EVENTS = Symbol('nyms events');
