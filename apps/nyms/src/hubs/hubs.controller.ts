/** What hubs read: a pseudonym's status, and the keys that sign answers, status lists and notices (RFC 7517). */
import { Controller, Get, Header, Headers, Param } from '@nestjs/common';
import { SetKeys } from '../streams/notices/set-keys.js';
import { AnswerSigner } from './answer-signer.js';
import { StatusService } from './status.service.js';

@Controller()
export class HubsController {
  constructor(
    private readonly status: StatusService,
    private readonly signer: AnswerSigner,
    private readonly setKeys: SetKeys,
  ) {}

  @Get('v1/pseudonyms/:uri/status')
  async statusOf(@Param('uri') uri: string, @Headers('authorization') authorization?: string): Promise<{ status: string }> {
    return { status: await this.status.statusOf(uri, authorization) };
  }

  @Get('.well-known/jwks.json')
  @Header('cache-control', 'public, max-age=600')
  jwks(): { keys: readonly object[] } {
    return { keys: [this.signer.jwk, ...this.setKeys.jwks] };
  }
}
