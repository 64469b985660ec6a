/** `GET /v1/status-lists/{n}` and all of them (draft-ietf-oauth-status-list §8, §9.3): public, cacheable, for scripts of any origin. */
import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { statusListMediaType } from '#contracts';
import { ServedLists } from './status-lists.service.js';

@Controller('v1/status-lists')
export class StatusListsController {
  constructor(private readonly lists: ServedLists) {}

  @Get()
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status_lists: string[] }> {
    reply.header('cache-control', this.cacheControl());
    return { status_lists: await this.lists.addresses() };
  }

  @Get(':list')
  async one(
    @Param('list') number: string,
    @Headers('accept-encoding') encodings = '',
    @Headers('if-none-match') known = '',
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { token, gzipped, etag } = await this.lists.list(number);
    reply.headers({ 'cache-control': this.cacheControl(), vary: 'accept-encoding', etag });
    if (known.split(',').some((tag) => tag.trim() === etag)) return void reply.code(304).send();
    const isGzipped = /(^|[\s,])(gzip|\*)(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(encodings);
    reply.headers({ 'content-type': statusListMediaType, ...(isGzipped && { 'content-encoding': 'gzip' }) });
    reply.send(isGzipped ? gzipped : token);
  }

  private readonly cacheControl = (): string => `public, max-age=${this.lists.secondsLeft()}`;
}
