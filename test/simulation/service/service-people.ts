/** Accounts with real clients. What was begun before a crash goes on after it, with the same ticket and the same bytes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ClientProblem, NymtallyClient } from '#client-sdk';
import type { RedeemOutcome } from '#client-sdk';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { persist } from './persistence.js';

const comesAgain = (error: unknown): boolean => error instanceof ClientProblem && error.retry === 'after';
export const subjectOf = (account: number): string => `account-${account}`;

export class ServicePerson {
  private readonly client: NymtallyClient;

  constructor(stack: Stack, account: number) {
    const pin = JSON.parse(readFileSync(path.join(stack.dataDir, 'config', 'keyholder-public.json'), 'utf8')) as {
      rootFingerprint: string;
    };
    this.client = new NymtallyClient({
      registrarUrl: stack.urls.registrar,
      nymsUrl: stack.urls.nyms,
      rootFingerprint: pin.rootFingerprint,
      domain: stack.policy().domain,
      accessToken: () => stack.issuer.mint(subjectOf(account)),
    });
  }

  enrol(): Promise<void> {
    return persist(() => this.client.enrol(), comesAgain);
  }

  /** @returns the outcome, or the code with which the registrar gave no ticket */
  async mint(): Promise<RedeemOutcome | 'account-suspended' | 'stopped'> {
    try {
      await persist(() => this.client.takeTickets(1), comesAgain);
      const { id } = await this.client.prepare({ immediately: true });
      return await persist(() => this.client.redeem(id), comesAgain);
    } catch (error) {
      const code = error instanceof ClientProblem ? error.code : undefined;
      if (code === 'account-suspended' || code === 'stopped') return code;
      throw error;
    }
  }

  async isSuspended(): Promise<boolean> {
    return (await persist(() => this.client.standing(), comesAgain)).standing === 'suspended';
  }
}
