/** Handles and holder keys: each key once, each handle once. */
import { Injectable } from '@nestjs/common';
import type { Handle } from '#contracts';
import { Writer } from '../database/writer.js';
import { Deletions } from '../standings/deletions/deletions.service.js';

@Injectable()
export class HandlesRepository {
  constructor(
    private readonly writer: Writer,
    private readonly deletions: Deletions,
  ) {}

  /** True when the pair is stored, now or before; false when the handle or the key is in use in another pair, or was deleted. */
  async enrol(handle: Handle, holderKey: Uint8Array, day: number): Promise<boolean> {
    return this.writer.transaction(async (transaction) => {
      if (await this.deletions.isDeleted(transaction, handle, holderKey)) return false;
      await transaction.query(
        `INSERT INTO keyholder.handles (handle, holder_key, enrolled_day)
         SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM keyholder.key_replacements WHERE holder_key = $2) ON CONFLICT DO NOTHING`,
        [handle, holderKey, day],
      );
      const { rowCount } = await transaction.query('SELECT 1 FROM keyholder.handles WHERE handle = $1 AND holder_key = $2', [
        handle,
        holderKey,
      ]);
      return rowCount === 1;
    });
  }
}
