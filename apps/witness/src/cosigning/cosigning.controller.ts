/**
 * `POST /add-checkpoint` (C2SP tlog-witness v1.0.0): answers as that specification says, not as problems. And, beside it, what a log must
 * ask before it goes on after a restore: how far it had come.
 */
import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { sizeMediaType } from '#audit';
import { Problem, type logHeads } from '#contracts';
import { Consumes, OnlyFor, zodQuery } from '#platform';
import { LogCosigner } from './log-cosigner.js';

const plain = 'text/plain';
const headsQuery = z.object({ origin: z.string().min(1).max(255) });
const words = {
  400: 'malformed, or the old size is beyond the checkpoint',
  403: 'not signed by the key that is known for this log',
  404: 'not a log that is witnessed here',
  422: 'not consistent with what was cosigned before',
} as const;

@Controller()
export class CosigningController {
  constructor(private readonly cosigner: LogCosigner) {}

  @Post('add-checkpoint')
  @Consumes(plain)
  @OnlyFor('keyholder')
  async addCheckpoint(@Body() body: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const judged = await this.cosigner.addCheckpoint(body ?? '');
    reply.code(judged.answer).type(judged.answer === 409 ? sizeMediaType : plain);
    if (judged.answer === 200) return judged.line;
    return judged.answer === 409 ? `${judged.size}\n` : `${words[judged.answer]}\n`;
  }

  /** The newest note of each generation of a log; `origin` is that of the first. */
  @Get('log-heads')
  @OnlyFor('keyholder', 'ctl')
  async logHeads(@Query(zodQuery(headsQuery)) { origin }: z.output<typeof headsQuery>): Promise<z.input<typeof logHeads>> {
    const heads = await this.cosigner.heads(origin);
    if (!heads) throw new Problem('not-found');
    return { heads };
  }
}
