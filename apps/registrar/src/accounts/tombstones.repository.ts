/**
 * What stays of deleted accounts: a digest of the name each had at the identity provider, so that deleting and enrolling again washes no
 * record. Whoever can guess a name can recognise it; nothing else stands here.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { frame, labels } from '#contracts';
import { PrismaClient } from '#db/registrar';
import type { AccountId } from './access-token.js';

/** SHA-256, 32 bytes. */
export const tombstoneOf = (account: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(createHash('sha256').update(frame(labels.tombstone, account)).digest());

@Injectable()
export class TombstonesRepository {
  constructor(private readonly database: PrismaClient) {}

  async isDeleted(account: AccountId): Promise<boolean> {
    return (await this.database.tombstone.findUnique({ where: { mark: tombstoneOf(account) } })) !== null;
  }
}
