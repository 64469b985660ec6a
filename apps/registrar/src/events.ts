/** What the registrar says in its log: the life of the process, and counts of batches. Never an account, never a line per request. */
import { defineEvents } from '#platform';
import type { EventLog } from '#platform';

const specs = {
  'policy-live': { level: 'info', fields: { version: 'number' } },
  'policy-refused': { level: 'warn', fields: { reason: 'text' } },
  'release-applied': {
    level: 'info',
    fields: { number: 'number', suspended: 'number', reinstated: 'number', deleted: 'number' },
  },
  'releases-unreachable': { level: 'warn', fields: {} },
  'releases-reachable': { level: 'info', fields: {} },
  'accounts-rewritten': { level: 'info', fields: { accounts: 'number' } },
  /** by an approved request, which the key holder's log has under the same digest */
  'account-looked-up': { level: 'warn', fields: { request: 'text', found: 'boolean' } },
  'lookup-refused': { level: 'warn', fields: {} },
  'rewrite-failed': { level: 'error', fields: {} },
  'ticket-key-differs': { level: 'error', fields: {} },
} as const;

export const registrarEvents = defineEvents(specs);
export type RegistrarEvents = EventLog<typeof specs>;
/** Injection token. */
export const EVENTS = Symbol('registrar events');
