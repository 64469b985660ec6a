/** What hubs read: a pseudonym's status, and the keys that sign answers and notices (RFC 7517). */
import { Controller, Get, Header, Headers, Param } from '@nestjs/common';
import { StatusAnswers } from './status-answers.js';
import { SetKeys } from '../streams/notices/set-keys.js';
import { StatusService } from './status.service.js';

@Controller()
export class HubsController {
  constructor(
    private readonly status: StatusService,
    private readonly answers: StatusAnswers,
    private readonly setKeys: SetKeys,
  ) {}

  @Get('v1/pseudonyms/:uri/status')
  async statusOf(@Param('uri') uri: string, @Headers('authorization') authorization?: string): Promise<{ status: string }> {
    return { status: await this.status.statusOf(uri, authorization) };
  }

  @Get('.well-known/jwks.json')
  @Header('cache-control', 'public, max-age=600')
  jwks(): { keys: readonly object[] } {
    return { keys: [this.answers.jwk, ...this.setKeys.jwks] };
  }
}
