/** The hubs of a simulated service, with the SDK's delivery, and its moderator. */
import { createPrivateKey, randomUUID } from 'node:crypto';
import { dayOf } from '#contracts';
import type { SignalStatement } from '#contracts';
import { HubClient, StatusUnavailable } from '#hub-sdk';
import { signStatement } from '../../../apps/ctl/src/command/signed.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import type { ToldSet } from '../judge/history.js';
import { eventOf, signedSet } from '../judge/signals.js';
import type { Told } from '../judge/signals.js';
import { persist } from './persistence.js';

export interface Sent extends ToldSet {
  readonly token: string;
}

export class ServiceHubs {
  private readonly clients: readonly HubClient[];

  constructor(private readonly stack: Stack) {
    const { audience } = stack.policy();
    const retry = { attempts: 400, firstWaitMs: 40, longestWaitMs: 300 };
    this.clients = stack.keys.hubs.map(({ id, kid, key }) => {
      const signer = { kid, alg: 'EdDSA' as const, privateKey: createPrivateKey(key.toPem()) };
      return new HubClient({ hub: id, audience, nyms: stack.urls.nyms, key: signer, retry });
    });
  }

  make(hub: number, uri: string, kind: Told, names?: string): Sent {
    const { id, kid, key } = this.stack.keys.hubs[hub]!;
    const { audience } = this.stack.policy();
    const jti = randomUUID();
    const issuedAt = Math.floor(Date.now() / 1_000);
    const content = { hub: id, audience, kid, jti, uri, issuedAt, event: eventOf(kind, uri, names) };
    const token = signedSet(content, (input) => key.sign(input));
    return { hub, jti, uri, kind, token, ...(names !== undefined && { names }) };
  }

  /** Resolves when nyms has said that it is stored. */
  push({ hub, jti, token }: Sent): Promise<void> {
    return this.clients[hub]!.push({ jti, token });
  }

  isActive(uri: string): Promise<boolean> {
    return persist(
      () => this.clients[0]!.isActive(uri),
      (error) => error instanceof StatusUnavailable,
    );
  }

  /** @returns was it taken? */
  async rule({ hub, jti }: ToldSet, ruling: 'release' | 'reject'): Promise<boolean> {
    const moderator = this.stack.keys.moderators[0]!;
    const chosen = {
      type: `${ruling}-signal` as const,
      hub: this.stack.keys.hubs[hub]!.id,
      jti,
      case: 'c-1',
      reason: 'looked at',
    };
    const body = JSON.stringify(signStatement<SignalStatement>(moderator, chosen, dayOf(new Date())));
    const headers = { 'content-type': 'application/json' };
    const answer = await persist(async () => {
      const response = await fetch(`${this.stack.urls.nyms}/v1/moderation/signals`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      if (response.status >= 500) throw new Unanswered();
      return response.status;
    }, isUnanswered);
    if (answer !== 204 && answer !== 404) throw new Error(`a ruling was answered ${answer}`);
    return answer === 204;
  }
}

class Unanswered extends Error {}
/** fetch throws a TypeError when nobody answers. */
const isUnanswered = (error: unknown): boolean => error instanceof Unanswered || error instanceof TypeError;
