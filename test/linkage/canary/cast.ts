/** Who plays: clients whose refusals are kept, hubs, a moderator, an operator. One of the clients is the canary. */
import { createPrivateKey } from 'node:crypto';
import { proposeClient, NymtallyClient } from '#client-sdk';
import { actResponse, dayOf, DAY_MS, PERIOD_DAYS, pseudonymUri, suspensionReasons } from '#contracts';
import type { ActStatement, PolicyDocument, ReviewStatement, SignalStatement } from '#contracts';
import { HubClient } from '#hub-sdk';
import { z } from 'zod';
import { callService } from '../../../apps/ctl/src/command/service-call.js';
import { readToken, signStatement } from '../../../apps/ctl/src/command/signed.js';
import { scenarioPolicy } from '../../../apps/ctl/src/scenario/scenario-policy.js';
import { startStack } from '../../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { rootFingerprintOf } from '../world/service.js';
import type { Recorder } from './recorder.js';

/** In the last third of a period, so that renewals are open. */
const offsetDays = (PERIOD_DAYS + 22 - (dayOf(new Date()) % PERIOD_DAYS)) % PERIOD_DAYS;
export const now = (): Date => new Date(Date.now() + offsetDays * DAY_MS);

/** Four operators: one is trimmed, two that say the worst suspend. */
const policy = (document: PolicyDocument): PolicyDocument => ({
  ...scenarioPolicy(document),
  negative: { f: 1, clip: 40, threshold: 40 },
  positive: { f: 1, clip: 2, threshold: 2, everyEpochs: 1 },
});

export const startCast = (redisUrl: string | undefined): Promise<Stack> =>
  startStack({ hubs: 4, policy, clockOffsetDays: offsetDays, logLevel: 'debug', redisUrl });

/** As the identity provider knows them, verified. */
export interface Contacts {
  readonly email: string;
  readonly phone: string;
}

export class Player {
  readonly client: NymtallyClient;
  readonly uris: string[] = [];
  /** base64url, as they were taken */
  readonly tickets: string[] = [];

  constructor(
    readonly subject: string,
    stack: Stack,
    recorder: Recorder,
    readonly contacts?: Contacts,
  ) {
    const claims = contacts && {
      email: contacts.email,
      email_verified: true,
      phone_number: contacts.phone,
      phone_number_verified: true,
    };
    this.client = new NymtallyClient({
      registrarUrl: stack.urls.registrar,
      nymsUrl: stack.urls.nyms,
      rootFingerprint: rootFingerprintOf(stack),
      domain: stack.policy().domain,
      accessToken: () => stack.issuer.mint(subject, { ...(claims && { claims }) }),
      now,
      fetch: { registrar: recorder.of('account'), nyms: recorder.of('pseudonym') },
    });
  }

  async join(tickets: number): Promise<void> {
    await this.client.enrol();
    await this.client.takeTickets(tickets);
    this.tickets.push(...this.client.state.tickets);
  }

  /** Gives whether it was minted. */
  async redeem(): Promise<boolean> {
    const { id } = await this.client.prepare({ immediately: true });
    const outcome = await this.client.redeem(id);
    if (outcome.outcome === 'minted') this.uris.push(outcome.pseudonym.uri);
    return outcome.outcome === 'minted';
  }

  async addDevice(uri: string): Promise<void> {
    await this.client.admitClient((await proposeClient(uri)).proposal);
  }
}

export function hubsOf(stack: Stack): HubClient[] {
  const { audience } = stack.policy();
  return stack.keys.hubs.map(({ id, kid, key }) => {
    const privateKey = createPrivateKey(key.toPem());
    return new HubClient({ hub: id, audience, nyms: stack.urls.nyms, key: { kid, alg: 'EdDSA', privateKey }, now });
  });
}

/** A moderator's blind suspension or an operator's reinstatement. */
export async function act(stack: Stack, type: ActStatement['type'], uri: string, days?: number): Promise<void> {
  const by = type === 'suspend' ? stack.keys.moderators[0]! : stack.keys.operators[0]!;
  const chosen = { type, uri: pseudonymUri.parse(uri), case: 'canary-1', reason: 'played', ...(days && { days }) };
  const body = signStatement<ActStatement>(by, chosen, dayOf(now()));
  await callService({ service: 'nyms', url: `${stack.urls.nyms}/v1/moderation/pseudonyms`, body, answer: actResponse });
}

export async function decide(
  stack: Stack,
  type: SignalStatement['type'],
  { hub, jti }: { readonly hub: string; readonly jti: string },
): Promise<void> {
  const chosen = { type, hub, jti, case: 'canary-2', reason: 'played' };
  const body = signStatement<SignalStatement>(stack.keys.moderators[0]!, chosen, dayOf(now()));
  await callService({ service: 'nyms', url: `${stack.urls.nyms}/v1/moderation/signals`, body, answer: z.unknown() });
}

/** A moderator looks at a pseudonym that is revoked: was a hub right about it, and why was it suspended? */
export async function lookInto(stack: Stack, uri: string, hub: string): Promise<void> {
  const [moderator] = stack.keys.moderators;
  const chosen = {
    type: 'review-reports',
    hub,
    uri: pseudonymUri.parse(uri),
    finding: 'upheld',
    case: 'canary-3',
    reason: 'played',
  } as const;
  const body = signStatement<ReviewStatement>(moderator!, chosen, dayOf(now()));
  const nyms = `${stack.urls.nyms}/v1/moderation`;
  await callService({ service: 'nyms', url: `${nyms}/reviews`, body, answer: z.unknown() });
  const about = { sub_id: { format: 'uri', uri }, case: 'canary-3' };
  const token = await readToken(moderator!, stack.policy().audience, now(), about);
  const url = `${nyms}/pseudonyms/${encodeURIComponent(uri)}/reasons`;
  await callService({ service: 'nyms', url, token, answer: suspensionReasons });
}
