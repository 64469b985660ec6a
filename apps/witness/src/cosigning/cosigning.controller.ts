/** `POST /add-checkpoint` (C2SP tlog-witness v1.0.0): answers as that specification says, not as problems. */
import { Body, Controller, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sizeMediaType } from '#audit';
import { Consumes, OnlyFor } from '#platform';
import { LogCosigner } from './log-cosigner.js';

const plain = 'text/plain';
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
}
