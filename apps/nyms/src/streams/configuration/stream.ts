/** A stream as it is kept, and as its receiver sees it (SSF 1.0 §8.1.1). Pure. */
import { deliveryMethods, noticeTypes } from '#contracts';
import type { SigningAlgorithm, StreamChange, StreamConfiguration, StreamStatus } from '#contracts';

export interface Stream {
  readonly id: string;
  /** Also the audience of its SETs: one stream per hub and audience. */
  readonly hub: string;
  readonly method: keyof typeof deliveryMethods;
  readonly endpointUrl: string | undefined;
  readonly authorization: string | undefined;
  /** undefined: not said, so everything */
  readonly eventsRequested: readonly string[] | undefined;
  readonly description: string | undefined;
  readonly alg: SigningAlgorithm;
}

export interface StreamState {
  readonly status: StreamStatus;
  readonly reason: string | undefined;
}

export const eventsSupported: readonly string[] = Object.values(noticeTypes);
/** Seconds between verifications that a receiver may ask for. */
export const MIN_VERIFICATION_SECONDS = 10;

export const eventsDelivered = (requested: readonly string[] | undefined): string[] =>
  eventsSupported.filter((type) => requested?.includes(type) ?? true);

/** Where things are, as metadata and configurations say it. */
export const paths = {
  configuration: '/v1/streams',
  status: '/v1/streams/status',
  addSubject: '/v1/streams/subjects/addition',
  removeSubject: '/v1/streams/subjects/removal',
  verification: '/v1/streams/verification',
  poll: '/v1/streams/poll',
} as const;

export function configurationOf(stream: Stream, iss: string, publicUrl: string): StreamConfiguration {
  const { id, hub, method, endpointUrl, authorization, eventsRequested, description, alg } = stream;
  return {
    stream_id: id,
    iss,
    aud: hub,
    events_supported: [...eventsSupported],
    ...(eventsRequested && { events_requested: [...eventsRequested] }),
    events_delivered: eventsDelivered(eventsRequested),
    delivery: {
      method: deliveryMethods[method],
      endpoint_url: method === 'push' ? (endpointUrl ?? '') : publicUrl + `${paths.poll}/${id}`,
      ...(authorization !== undefined && { authorization_header: authorization }),
    },
    min_verification_interval: MIN_VERIFICATION_SECONDS,
    ...(description !== undefined && { description }),
    signing_alg: alg,
  };
}

/** The first member that only we supply and the receiver has otherwise (SSF 1.0 §8.1.1.3), or undefined. */
export function wrongMember(change: StreamChange, current: StreamConfiguration): string | undefined {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const members = ['iss', 'events_supported', 'events_delivered', 'min_verification_interval'] as const;
  const wrong = members.find((name) => change[name] !== undefined && !same(change[name], current[name]));
  if (wrong) return wrong;
  return change.aud === undefined || same([change.aud].flat(), [current.aud]) ? undefined : 'aud';
}
