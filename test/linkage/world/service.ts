/**
 * The service as a world of the linkage test runs it: real processes, real databases, real encryption, small cohorts. Its days can be
 * moved on, and an app can be started with one thing switched off that production has no switch for.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { dayOf, DAY_MS, PERIOD_DAYS } from '#contracts';
import type { AppName } from '../../../apps/ctl/src/stack/app-specs.js';
import { startStack } from '../../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { readPin } from '../../../apps/keyholder/src/keys/pin.js';
import { Prf } from '../../../apps/keyholder/src/keys/prf.js';
import { openSecrets } from '../../../apps/keyholder/src/keys/secrets-folder.js';
import { autoUnseal } from '../../../apps/keyholder/src/sealing/auto-unseal.js';
import { SealedFolder } from '../../../apps/keyholder/src/sealing/sealed-folder.js';
import { readFileSync } from 'node:fs';
import type { Burst } from './burst.js';
import { isFull } from './seed.js';

export const sizes = {
  /** 2,500 is asked for; a few more, since who minted in small pools only is left out */
  accounts: isFull ? 5_000 : 2_650,
  /** of the world whose clients do not wait: what is told there is plain with fewer */
  promptAccounts: isFull ? 5_000 : 1_200,
  /** of worlds that only show that the measure finds what is planted */
  plantedAccounts: 600,
  /** false pairs of each account */
  others: 10,
  cohorts: 48,
  /** small, so that cohorts fill and close within a world */
  cohortSlots: 256,
} as const;

/** The witness because the key holder acts on nothing that its log has not cosigned. */
const apps = ['witness', 'keyholder', 'registrar', 'nyms'] as const satisfies readonly AppName[];
/** What can be planted, each by a file of test/linkage/planted that changes one line of the built code as it is loaded. */
export type Planted = 'no-shuffle' | 'fixed-cohort';

export class Service {
  /** The burst that redemptions wait for, if any. */
  burst: Burst | undefined;
  private offsetDays: number;

  private constructor(
    readonly stack: Stack,
    readonly rootFingerprint: string,
    /** The key holder's, which only whoever runs a service on one machine could read: it tells which mark a ticket left. */
    readonly prf: Prf,
    offsetDays: number,
  ) {
    this.offsetDays = offsetDays;
  }

  /** Starts in the last third of a period, when renewals are open. */
  static async start(clusters: 'separate' | 'shared'): Promise<Service> {
    const offsetDays = (PERIOD_DAYS + 22 - (dayOf(new Date()) % PERIOD_DAYS)) % PERIOD_DAYS;
    const stack = await startStack({
      apps,
      clusters,
      hubs: 1,
      parameterSet: 'n2048-q50-t20',
      cohortsPerBlock: sizes.cohorts,
      clockOffsetDays: offsetDays,
      logLevel: 'warn',
      policy: (document) => ({ ...document, limits: { ...document.limits, ticketsPerDay: 20 } }), // several worlds a day
      env: { keyholder: { KEYHOLDER_COHORT_SLOTS: String(sizes.cohortSlots) } },
    });
    return new Service(stack, rootFingerprintOf(stack), await prfOf(stack), offsetDays);
  }

  get domain(): string {
    return this.stack.policy().domain;
  }

  now(): Date {
    return new Date(Date.now() + this.offsetDays * DAY_MS);
  }

  accessToken(subject: string): Promise<string> {
    const now = Math.floor(this.now().getTime() / 1_000);
    const contact = { email: `${subject}@mail.example`, email_verified: true };
    return this.stack.issuer.mint(subject, { claims: { iat: now, exp: now + 3_600, ...contact } });
  }

  /** Whole days later, everywhere. */
  async moveOn(days: number): Promise<void> {
    this.offsetDays += days;
    for (const name of [...apps].reverse()) await this.stack.processes[name].stop();
    for (const name of apps) await this.start(name);
  }

  /** Starts the key holder again with one thing switched off. */
  async plant(planted: Planted): Promise<void> {
    const preload = pathToFileURL(path.join(import.meta.dirname, '..', 'planted', `${planted}.mjs`)).href;
    await this.stack.processes.keyholder.stop();
    await this.start('keyholder', { NODE_OPTIONS: `--import ${preload}` });
  }

  private start(name: AppName, env: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.stack.restart(name, { [`${name.toUpperCase()}_CLOCK_OFFSET_DAYS`]: String(this.offsetDays), ...env });
  }

  async stop(): Promise<void> {
    await this.stack.stop();
  }
}

async function prfOf({ dataDir }: Stack): Promise<Prf> {
  const secrets = path.join(dataDir, 'keys', 'keyholder');
  const { barrier } = await autoUnseal(secrets, false);
  return new Prf((await openSecrets(new SealedFolder(secrets, barrier))).prf);
}

/** What clients ship with: the pin of the key holder's root key. */
export const rootFingerprintOf = ({ dataDir }: Stack): string =>
  readPin(readFileSync(path.join(dataDir, 'config', 'keyholder-public.json'), 'utf8')).rootFingerprint;
