/**
 * What the hubs of the scenario say: plain reports and bans through the reference hub, as its operator would; what a hub says seldom (the
 * same SET again, a report taken back, an event that nobody knows) with the hub SDK and the same key. A few at a time, as a server would.
 */
import { createPrivateKey } from 'node:crypto';
import { eventTypes } from '#contracts';
import { HubClient } from '#hub-sdk';
import { SignJWT } from 'jose';
import type { Stack } from '../stack/stack.js';
import { inParallel } from './parallel.js';
import type { ReferenceHubs } from './reference-hubs.js';
import type { PlannedSignal } from './signals-plan.js';

/** Pushes of one hub under way at once. */
const WIDTH = 2;

/** What was pushed, counted by the hubs themselves. */
export interface Sent {
  sent: number;
  replayed: number;
  retracted: number;
}

interface Hub {
  readonly client: HubClient;
  /** A SET our types do not know, about `uri`; as a newer hub might send. */
  unknownEvent(uri: string): Promise<{ jti: string; token: string }>;
}

export class Hubs {
  private readonly hubs: readonly Hub[];
  private nextToAsk = 0;

  constructor(
    stack: Stack,
    private readonly reference: ReferenceHubs,
  ) {
    const { audience } = stack.policy();
    this.hubs = stack.keys.hubs.map(({ id, kid, key }) => {
      const privateKey = createPrivateKey(key.toPem());
      return {
        client: new HubClient({ hub: id, audience, nyms: stack.urls.nyms, key: { kid, alg: 'EdDSA', privateKey } }),
        async unknownEvent(uri) {
          const jti = crypto.randomUUID();
          const claims = { sub_id: { format: 'uri', uri }, events: { 'urn:example:newer-event': {} } };
          const header = { typ: 'secevent+jwt', alg: 'EdDSA', kid };
          const token = await new SignJWT(claims)
            .setProtectedHeader(header)
            .setIssuer(id)
            .setAudience(audience)
            .setIssuedAt()
            .setJti(jti)
            .sign(privateKey);
          return { jti, token };
        },
      };
    });
  }

  /** Pushes all of them, hub by hub in parallel. `uriOf` names the pseudonym a signal is about. */
  async push(
    signals: readonly PlannedSignal[],
    uriOf: (signal: PlannedSignal) => string,
    sent: Sent,
    step: () => void,
  ): Promise<void> {
    const byHub = Map.groupBy(signals, (signal) => signal.hub);
    await Promise.all(
      [...byHub].map(([index, own]) =>
        inParallel(own, WIDTH, async (signal) => {
          await this.say(index, signal, uriOf(signal), sent);
          step();
        }),
      ),
    );
  }

  private async say(index: number, signal: PlannedSignal, uri: string, sent: Sent): Promise<void> {
    if (signal.replayed || signal.retracted || !(await this.sayPlainly(index, signal.what, uri)))
      return this.pushOne(this.hubs[index]!, signal, uri, sent);
    sent.sent++;
  }

  /** False for what the reference hub does not say. */
  private async sayPlainly(index: number, what: PlannedSignal['what'], uri: string): Promise<boolean> {
    switch (what) {
      case 'verified-report':
        await this.reference.report(index, uri, 'spam', true);
        return true;
      case 'unverified-report':
        await this.reference.report(index, uri, 'spam', false);
        return true;
      case 'held-report':
        await this.reference.report(index, uri, 'other', false);
        return true;
      case 'hub-ban':
        await this.reference.ban(index, uri);
        return true;
      case 'commend':
      case 'unknown-event':
        return false;
    }
  }

  private async pushOne(hub: Hub, signal: PlannedSignal, uri: string, sent: Sent): Promise<void> {
    const set = await sign(hub, signal.what, uri);
    await hub.client.push(set);
    sent.sent++;
    if (signal.replayed) {
      await hub.client.push(set);
      sent.sent++;
      sent.replayed++;
    }
    if (signal.retracted) {
      await hub.client.retract(uri, set.jti);
      sent.sent++;
      sent.retracted++;
    }
  }

  /** Asks through one hub after the other, since each may ask about any pseudonym it has met. */
  isActive(uri: string): Promise<boolean> {
    return this.hubs[this.nextToAsk++ % this.hubs.length]!.client.isActive(uri);
  }
}

function sign({ client, unknownEvent }: Hub, what: PlannedSignal['what'], uri: string): Promise<{ jti: string; token: string }> {
  switch (what) {
    case 'verified-report':
      return client.sign(uri, eventTypes.abuseReport, { reason: 'spam', hubVerified: true });
    case 'unverified-report':
      return client.sign(uri, eventTypes.abuseReport, { reason: 'spam', hubVerified: false });
    case 'held-report':
      return client.sign(uri, eventTypes.abuseReport, { reason: 'other', hubVerified: false });
    case 'hub-ban':
      return client.sign(uri, eventTypes.ban, { by: 'hub', permanent: true });
    case 'commend':
      return client.sign(uri, eventTypes.commend, { since: '2026-01-01' });
    case 'unknown-event':
      return unknownEvent(uri);
  }
}
