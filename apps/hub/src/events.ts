/** What a hub says in its log: acts and counts. A pseudonym never: its operator sees those in the hub's state. */
import { defineEvents } from '#platform';
import type { EventLog } from '#platform';
import { metrics } from './rooms/rate-meter.js';

const specs = {
  listening: { level: 'info', fields: { hubs: 'number', control: 'text', pushes: 'text' } },
  subscribed: { level: 'info', fields: { delivery: ['push', 'poll'], made: 'boolean' } },
  notice: {
    level: 'info',
    fields: { kind: ['revoked', 'disabled', 'enabled', 'verification', 'stream-updated', 'other'] },
  },
  remedy: { level: 'info', fields: { remedy: ['mute', 'kick', 'ban', 'unban', 'report'] } },
  'rate-exceeded': { level: 'info', fields: { metric: metrics } },
  'provider-fault': { level: 'warn', fields: { what: ['notice', 'subject', 'verification', 'signal'] } },
} as const;

export const hubEvents = defineEvents(specs);
export type HubEvents = EventLog<typeof specs>;
