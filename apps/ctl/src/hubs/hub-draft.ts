/** Adding and suspending hubs, as changes to a draft of the policy. Pure. */
import type { HubEntry, PolicyDocument } from '#contracts';
import { StackError } from '../stack/stack-error.js';

export function withHub(document: PolicyDocument, hub: HubEntry): PolicyDocument {
  if (document.hubs.some(({ id }) => id === hub.id))
    throw new StackError(`hub ${hub.id} is in the policy already`, 'change its entry in the draft');
  return { ...document, hubs: [...document.hubs, hub] };
}

/** Its signals are refused from the version on; what was counted before stays in the window. */
export function withHubStatus(document: PolicyDocument, id: string, status: HubEntry['status']): PolicyDocument {
  return withChanged(document, id, (hub) => ({ ...hub, status }));
}

/** @param signals an epoch, as typed; `estimate` for none. */
export function withExpectedRate(document: PolicyDocument, id: string, signals: string): PolicyDocument {
  const isEstimate = signals === 'estimate';
  if (!isEstimate && !/^[1-9]\d{0,8}$/.test(signals))
    throw new StackError(`${signals} is no number of signals`, 'give a whole number from 1 on, or `estimate`');
  return withChanged(document, id, ({ expectedPerEpoch: _, ...hub }) =>
    isEstimate ? hub : { ...hub, expectedPerEpoch: Number(signals) },
  );
}

function withChanged(document: PolicyDocument, id: string, change: (hub: HubEntry) => HubEntry): PolicyDocument {
  if (!document.hubs.some((hub) => hub.id === id))
    throw new StackError(`hub ${id} is not in the policy`, '`ctl hub list` shows those that are');
  return { ...document, hubs: document.hubs.map((hub) => (hub.id === id ? change(hub) : hub)) };
}

/** A JWK or a JWKS as text, as hub entries keep keys. Throws StackError; a private key is refused. */
export function keysFrom(text: string): HubEntry['keys'] {
  let value: { keys?: unknown[]; kty?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    throw new StackError('the key file is not JSON', 'give a JWK or a JWKS');
  }
  const keys = (value.keys ?? [value]) as HubEntry['keys'];
  if (keys.some((key) => 'd' in key || 'k' in key))
    throw new StackError('the key file holds a private key', 'ask the hub for its public JWKS, and to replace that key');
  return keys;
}

/** The hub's transmitter as an entry keeps it; nothing without one. Throws StackError for an address without a stream. */
export function transmitterOf(options: {
  readonly streamId?: string;
  readonly pollUrl?: string;
  readonly verificationUrl?: string;
}): Pick<HubEntry, 'transmitter'> {
  const { streamId, pollUrl, verificationUrl } = options;
  if (streamId !== undefined)
    return { transmitter: { streamId, ...(pollUrl && { pollUrl }), ...(verificationUrl && { verificationUrl }) } };
  if (pollUrl || verificationUrl)
    throw new StackError('the stream of the hub has no id', 'give --stream-id, as the hub has told you');
  return {};
}
