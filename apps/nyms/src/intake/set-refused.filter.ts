/** The answer to a SET that is not taken (RFC 8935 §2.3): 400, `err` and `description`, in English and saying so. */
import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SetRefused } from '#signals';

@Catch(SetRefused)
export class SetRefusedFilter implements ExceptionFilter<SetRefused> {
  catch({ err, description }: SetRefused, host: ArgumentsHost): void {
    host
      .getArgByIndex<FastifyReply>(1)
      .code(400)
      .headers({ 'content-type': 'application/json', 'content-language': 'en' })
      .send(Buffer.from(JSON.stringify({ err, description }))); // bytes: Fastify adds a charset to text
  }
}
