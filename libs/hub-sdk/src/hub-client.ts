/**
 * What a hub installs to tell a provider about its pseudonyms: reports, bans, kicks, rates, commendations, and taking them back
 * (protocol.md §4). Signs with the hub's key, delivers until taken, and keeps the `jti`, so that a SET counts once however often it
 * is sent. Knows pseudonyms only.
 */
import { createRemoteJWKSet, customFetch } from 'jose';
import type { ManifestProof } from '#audit';
import { eventTypes, toBase64Url } from '#contracts';
import type { DryRunAnswer, EventType } from '#contracts';
import { encodeAbuseReport } from '#mimi';
import type { AbuseReport as MimiAbuseReport } from '#mimi';
import { defaultRetry } from './backoff.js';
import type { RetryRules } from './backoff.js';
import { deliver } from './delivery.js';
import type { Delivery } from './delivery.js';
import { rehearse } from './dry-run.js';
import { SetRejected } from './errors.js';
import type { QuestionRules } from './questions/hub-question.js';
import type { ProofOptions } from './questions/manifest-check.js';
import type { Outbox } from './outbox.js';
import { sleep } from './sleep.js';
import { signSet } from './signed-set.js';
import type { HubSigningKey, SignedSet } from './signed-set.js';
import { StatusCheck } from './questions/status-check.js';
import { KeptLists } from './status-lists/kept-lists.js';
import { StatusListCheck } from './status-lists/status-list-check.js';

export interface HubClientOptions {
  /** `iss`: the hub's https origin, as the provider's policy names it */
  readonly hub: string;
  /** `aud` of the provider's policy */
  readonly audience: string;
  /** Address of the provider's nyms process. */
  readonly nyms: string | URL;
  readonly key: HubSigningKey;
  /** The correlator's public key, 32 bytes, as the provider's operator gave it to you: `proofOf` needs it. */
  readonly correlatorKey?: Uint8Array;
  readonly outbox?: Outbox;
  readonly retry?: Partial<RetryRules>;
  /** Longest wait for one answer; 10 s by default. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly wait?: Delivery['wait'];
}

export interface SendOptions {
  /** Your own id of the event, unique per hub; random when left out. */
  readonly jti?: string;
  /** The same for several SETs of one cause. Never one for SETs about different pseudonyms. */
  readonly txn?: string;
  readonly signal?: AbortSignal;
}

type Actor = 'room-admin' | 'hub';
/** What is left out is empty; the alleged abuser is the pseudonym that the report is about. */
export type FrankedReport = Pick<MimiAbuseReport, 'messages'> & Partial<Omit<MimiAbuseReport, 'messages' | 'allegedAbuserUri'>>;

export interface AbuseReport {
  readonly reason: 'spam' | 'harassment' | 'threat' | 'impersonation' | 'illegal' | 'other';
  /** The hub itself has checked the frank and the content. */
  readonly hubVerified: boolean;
  /** MIMI AbuseReport (mimi-protocol-06) about this pseudonym: its bytes, or what is in it. */
  readonly abuseReport?: Uint8Array | FrankedReport;
  /** `mimi://…/r/…`: without it nobody can check a frank. */
  readonly room?: string;
  readonly reporters?: '1' | '2-5' | '6-20' | '21+';
}

export class HubClient {
  private readonly delivery: Delivery;
  private readonly questions: QuestionRules;
  private readonly statusCheck: StatusCheck;
  private readonly statusLists: StatusListCheck;
  private readonly now: () => Date;

  constructor(private readonly options: HubClientOptions) {
    const { hub, audience, key, timeoutMs = 10_000, fetch = globalThis.fetch } = options;
    const nyms = new URL(options.nyms);
    this.now = options.now ?? (() => new Date());
    this.delivery = {
      endpoint: new URL('/v1/signals', nyms),
      retry: { ...defaultRetry, ...options.retry },
      timeoutMs,
      fetch,
      now: this.now,
      random: options.random ?? Math.random,
      wait: options.wait ?? sleep,
    };
    this.questions = { nyms, hub, audience, key, timeoutMs, fetch, now: this.now };
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', nyms), {
      timeoutDuration: timeoutMs,
      [customFetch]: fetch,
    });
    this.statusCheck = new StatusCheck(this.questions, keys);
    this.statusLists = new StatusListCheck(
      this.statusCheck,
      new KeptLists({ keys, issuer: audience, timeoutMs, fetch, now: this.now }),
    );
  }

  /** @throws RangeError for an `abuseReport` that MIMI's structure cannot hold; else like every signal */
  async report(uri: string, report: AbuseReport, options?: SendOptions): Promise<SignedSet> {
    const { abuseReport, ...rest } = report;
    const bytes = abuseReport && bytesOf(abuseReport, uri);
    return this.send(uri, eventTypes.abuseReport, { ...rest, ...(bytes && { abuseReport: toBase64Url(bytes) }) }, options);
  }

  ban(
    uri: string,
    ban: { by: Actor } & ({ durationSeconds: number } | { permanent: true }),
    options?: SendOptions,
  ): Promise<SignedSet> {
    return this.send(uri, eventTypes.ban, ban, options);
  }

  /** @param jti of the ban */
  unban(uri: string, jti: string, options?: SendOptions): Promise<SignedSet> {
    return this.send(uri, eventTypes.unban, { jti }, options);
  }

  kick(uri: string, kick: { by: Actor }, options?: SendOptions): Promise<SignedSet> {
    return this.send(uri, eventTypes.kick, kick, options);
  }

  rate(
    uri: string,
    rate: { metric: 'joins' | 'messages'; observed: number; limit: number; windowSeconds: number },
    options?: SendOptions,
  ): Promise<SignedSet> {
    return this.send(uri, eventTypes.rate, rate, options);
  }

  /** @param since first day (UTC) of good standing in this hub, `YYYY-MM-DD` */
  commend(uri: string, since: string, options?: SendOptions): Promise<SignedSet> {
    return this.send(uri, eventTypes.commend, { since }, options);
  }

  /** Takes back any report, ban, kick, rate or commendation of this hub. @param jti of that SET */
  retract(uri: string, jti: string, options?: SendOptions): Promise<SignedSet> {
    return this.send(uri, eventTypes.retract, { jti }, options);
  }

  /** Asks now. False for unknown, expired and revoked alike. @throws StatusUnavailable */
  async isActive(uri: string): Promise<boolean> {
    return (await this.statusCheck.of(uri)).active;
  }

  /**
   * The same for many pseudonyms, often: asks about each once, then reads the provider's public status lists, which are as old as their last
   * publication (hours, by default). @throws StatusUnavailable, StatusListRefused
   */
  isActiveByList(uri: string): Promise<boolean> {
    return this.statusLists.isActive(uri);
  }

  /** A pseudonym that has left: its place in the lists need not be kept. */
  forget(uri: string): void {
    this.statusLists.forget(uri);
  }

  /**
   * Proof, checked, that a SET of this hub is in a manifest, so that it could not be left out of the tallies; undefined while it is in none.
   * @throws ProofUnavailable, ProofRefused; TypeError without `correlatorKey`
   */
  async proofOf(jti: string, options: ProofOptions = {}): Promise<ManifestProof | undefined> {
    const { correlatorKey } = this.options;
    if (!correlatorKey) throw new TypeError('proofOf needs the correlatorKey that the provider has given you');
    // what checks a proof needs Node's own cryptography; the rest runs wherever there are Web Crypto and fetch
    const { proofOf } = await import('./questions/manifest-check.js');
    return proofOf(jti, options, correlatorKey, this.questions);
  }

  /**
   * What the provider would make of this signal, by its live policy. Nothing is stored or counted, and the answer tells nothing of the
   * pseudonym. @throws SetRejected as for a push, DeliveryFailed
   */
  async dryRun(uri: string, type: EventType, payload: object): Promise<DryRunAnswer> {
    return rehearse(await this.sign(uri, type, payload), this.delivery);
  }

  /** Delivers what the outbox still holds, one after the other. @returns those rejected for good, already removed */
  async redeliver(signal?: AbortSignal): Promise<SetRejected[]> {
    const rejected: SetRejected[] = [];
    for await (const set of this.options.outbox?.pending() ?? []) {
      try {
        await this.push(set, signal);
      } catch (error) {
        if (!(error instanceof SetRejected)) throw error;
        rejected.push(error);
      }
    }
    return rejected;
  }

  /** Signs without sending; `push` sends. */
  sign(uri: string, type: EventType, payload: object, { jti, txn }: SendOptions = {}): Promise<SignedSet> {
    const { hub, audience, key } = this.options;
    return signSet(key, { issuer: hub, audience, uri, type, payload, issuedAt: this.now(), jti, txn });
  }

  /** Sends a signed SET, once more if need be: it counts once. @throws SetRejected, DeliveryFailed */
  async push(set: SignedSet, signal?: AbortSignal): Promise<void> {
    try {
      await deliver(set, this.delivery, signal);
    } catch (error) {
      if (error instanceof SetRejected) await this.options.outbox?.remove(set.jti);
      throw error;
    }
    await this.options.outbox?.remove(set.jti);
  }

  private async send(uri: string, type: EventType, payload: object, options?: SendOptions): Promise<SignedSet> {
    const set = await this.sign(uri, type, payload, options);
    await this.options.outbox?.put(set);
    await this.push(set, options?.signal);
    return set;
  }
}

const bytesOf = (report: Uint8Array | FrankedReport, allegedAbuserUri: string): Uint8Array =>
  report instanceof Uint8Array
    ? report
    : encodeAbuseReport({ reportingUser: '', reasonCode: 0, note: '', abuseExtensions: [], ...report, allegedAbuserUri });
