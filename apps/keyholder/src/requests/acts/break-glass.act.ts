/**
 * Which account is behind a pseudonym (protocol.md §7, "Break-glass"): its handle, for the one requester, with a warrant that lets them, and
 * nobody else, ask the registrar whose handle it is. At most so many a day, and none on the day of a restore: how many there were before it,
 * nobody knows. Nothing of it is stored here: neither the handle beside the
 * pseudonym, nor the answer.
 */
import { Inject, Injectable } from '@nestjs/common';
import { canonicalBytes, labels, toBase64Url } from '#contracts';
import type { LookupWarrant, RequestOf } from '#contracts';
import { Clock } from '#platform';
import { refused } from '../../answers/refusal.js';
import type { Transaction } from '../../database/writer.js';
import { Generation } from '../../generation/generation.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { PeopleRegistry } from '../../people/people-registry.js';
import { executedSince } from '../records/requests.repository.js';
import type { Act, ActDone, Approved } from './act.js';

/** Injection token: the most a day. */
export const BREAK_GLASS_PER_DAY = Symbol('break-glass per day');

@Injectable()
export class BreakGlassAct implements Act<'break-glass'> {
  readonly type = 'break-glass';
  readonly namesPseudonym = true;

  constructor(
    private readonly keys: KeyholderKeys,
    private readonly registry: PeopleRegistry,
    private readonly generation: Generation,
    private readonly clock: Clock,
    @Inject(BREAK_GLASS_PER_DAY) private readonly perDay: number,
  ) {}

  async admits(_request: RequestOf<'break-glass'>, transaction: Transaction): Promise<boolean> {
    const today = this.clock.today();
    return !this.generation.isOfBefore(today) && (await executedSince(transaction, this.type, today)) < this.perDay;
  }

  async run(_transaction: Transaction, { request, digest, requesterKey, named }: Approved<'break-glass'>): Promise<ActDone> {
    const requester = this.registry.current.person(request.requester);
    if (!named || !requester) throw refused();
    const warrant: LookupWarrant = {
      v: 1,
      keyHolderId: this.keys.keyHolderId,
      handle: toBase64Url(named.handle),
      request: digest,
      requesterKey,
      sealTo: requester.sealTo,
      expiresAt: request.expiresAt,
    };
    const signature = toBase64Url(this.keys.sign(labels.warrant, canonicalBytes(warrant)));
    return { output: { output: 'handle', warrant, signature } };
  }
}
