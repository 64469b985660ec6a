/** The kinds of signals that hubs of a simulation push, and how each is said in a SET (protocol.md §4). */
import { eventTypes } from '#contracts';
import { reportWith } from '../../fakes/abuse-reports.js';

export const kinds = [
  'verified',
  'report',
  'other',
  'hub-ban',
  'room-ban',
  'kick',
  'rate',
  'commend',
  'newer',
  'misfit',
  'franked',
  'misreported',
] as const;
export type Kind = (typeof kinds)[number];
/** `retract` and `unban` name another SET. */
export type Told = Kind | 'retract' | 'unban';

type Event = readonly [type: string, payload: object];
const events: Readonly<Record<Exclude<Kind, 'franked' | 'misreported'>, Event>> = {
  verified: [eventTypes.abuseReport, { reason: 'spam', hubVerified: true }],
  report: [eventTypes.abuseReport, { reason: 'spam', hubVerified: false }],
  other: [eventTypes.abuseReport, { reason: 'other', hubVerified: false }],
  'hub-ban': [eventTypes.ban, { by: 'hub', permanent: true }],
  'room-ban': [eventTypes.ban, { by: 'room-admin', durationSeconds: 60 }],
  kick: [eventTypes.kick, { by: 'hub' }],
  rate: [eventTypes.rate, { metric: 'joins', observed: 9, limit: 3, windowSeconds: 60 }],
  commend: [eventTypes.commend, { since: '2026-01-01' }],
  newer: ['urn:example:a-newer-event', { anything: 1 }],
  misfit: [eventTypes.kick, { by: 'nobody' }],
};

/** @param uri what the SET is about. @param names jti of the SET that a `retract` or `unban` takes back */
export function eventOf(told: Told, uri: string, names?: string): Event {
  if (told === 'retract' || told === 'unban') return [eventTypes[told], { jti: names }];
  if (told === 'franked') return reportAbout(uri);
  if (told === 'misreported') return reportAbout(`${uri}x`);
  return events[told];
}

/** Every hub has one franked message, and reports it again and again. */
const reportAbout = (uri: string): Event => [
  eventTypes.abuseReport,
  { reason: 'spam', hubVerified: true, abuseReport: reportWith([1], uri) },
];

export interface SetToSign {
  readonly hub: string;
  readonly audience: string;
  readonly kid: string;
  readonly jti: string;
  readonly uri: string;
  /** seconds since 1970 */
  readonly issuedAt: number;
  readonly event: readonly [type: string, payload: object];
}

/** A compact JWS as a hub's own code would make it, without our SDK: it may say what the SDK would not. */
export function signedSet(content: SetToSign, sign: (input: Uint8Array) => Uint8Array): string {
  const { hub, audience, kid, jti, uri, issuedAt, event } = content;
  const [type, payload] = event;
  const claims = { iss: hub, aud: audience, iat: issuedAt, jti, sub_id: { format: 'uri', uri }, events: { [type]: payload } };
  const input = `${part({ typ: 'secevent+jwt', alg: 'EdDSA', kid })}.${part(claims)}`;
  return `${input}.${Buffer.from(sign(Buffer.from(input))).toString('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
