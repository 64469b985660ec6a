/** Reads how far decisions are. */
import { Injectable } from '@nestjs/common';
import { Writer } from '../database/writer.js';
import { lastDecided } from '../decisions/decisions.repository.js';

@Injectable()
export class ParametersRepository {
  constructor(private readonly writer: Writer) {}

  /** Highest decided epoch of each side, or what people have named after a restore; 0 before the first. */
  async lastDecided(): Promise<{ negative: number; positive: number }> {
    return this.writer.transaction(async (transaction) => ({
      negative: await lastDecided(transaction, 'negative'),
      positive: await lastDecided(transaction, 'positive'),
    }));
  }
}
