/** The log for operators and auditors (`ctl audit`): leaves, the newest cosigned checkpoint, and proof files. They check it themselves. */
import { Controller, Get, Headers, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { parseCheckpoint, proofText } from '#audit';
import { mostAuditEntries, Problem, type auditCheckpoint, type auditEntries, type auditProof } from '#contracts';
import { OnlyFor, zodPath, zodQuery } from '#platform';
import { Readers } from '../../people/readers.js';
import { AuditLog } from '../audit-log.js';

const place = z.coerce.number().int().nonnegative().max(2_147_483_647);
/** An earlier one; the present one when left out. */
const generation = z.coerce.number().int().positive().max(10_000).optional();
const fromQuery = z.object({ from: place.default(0), generation });
const checkpointQuery = z.object({ generation });
const indexPath = z.object({ index: place });
const text = (leaf: Uint8Array): string => Buffer.from(leaf).toString('utf8');

/** Who asks is known by their own signature; `ctl` is what they ask with. */
@Controller('v1/audit')
@OnlyFor('ctl')
export class AuditController {
  constructor(
    private readonly log: AuditLog,
    private readonly readers: Readers,
  ) {}

  @Get('entries')
  async entries(
    @Headers('authorization') authorization: string | undefined,
    @Query(zodQuery(fromQuery)) query: z.output<typeof fromQuery>,
  ): Promise<z.input<typeof auditEntries>> {
    await this.authenticate(authorization);
    const { from } = query;
    const rows = await this.log.entriesFrom(from, mostAuditEntries, query.generation);
    return { from, leaves: rows.map(({ leaf }) => text(leaf)) };
  }

  @Get('checkpoint')
  async checkpoint(
    @Headers('authorization') authorization: string | undefined,
    @Query(zodQuery(checkpointQuery)) query: z.output<typeof checkpointQuery>,
  ): Promise<z.input<typeof auditCheckpoint>> {
    await this.authenticate(authorization);
    return { checkpoint: await this.newest(query.generation) };
  }

  @Get('proofs/:index')
  async proof(
    @Headers('authorization') authorization: string | undefined,
    @Param(zodPath(indexPath)) { index }: z.output<typeof indexPath>,
  ): Promise<z.input<typeof auditProof>> {
    await this.authenticate(authorization);
    const checkpoint = await this.newest();
    const { size } = parseCheckpoint(checkpoint.slice(0, checkpoint.indexOf('\n\n') + 1));
    const [row] = index < size ? await this.log.entriesFrom(index, 1) : [];
    if (!row) throw new Problem('not-found');
    return { leaf: text(row.leaf), proof: proofText({ index, path: this.log.inclusionProof(index, size), checkpoint }) };
  }

  private async newest(of?: number): Promise<string> {
    const checkpoint = await this.log.newestCheckpoint(of);
    if (checkpoint === undefined) throw new Problem('not-found');
    return checkpoint;
  }

  private async authenticate(authorization: string | undefined): Promise<void> {
    await this.readers.require(authorization, 'operator', 'auditor');
  }
}
