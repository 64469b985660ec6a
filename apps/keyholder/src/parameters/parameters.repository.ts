/** Reads how far decisions are. */
import { Injectable } from '@nestjs/common';
import { Writer } from '../database/writer.js';

@Injectable()
export class ParametersRepository {
  constructor(private readonly writer: Writer) {}

  /** Highest decided epoch of each side, 0 before the first. */
  async lastDecided(): Promise<{ negative: number; positive: number }> {
    const { rows } = await this.writer.transaction((transaction) =>
      transaction.query<{ side: string; epoch: number }>(
        `SELECT side, max(epoch) AS epoch FROM keyholder.decided_trees WHERE outcome = 'decided' GROUP BY side`,
      ),
    );
    const of = (side: string) => rows.find((row) => row.side === side)?.epoch ?? 0;
    return { negative: of('negative'), positive: of('positive') };
  }
}
