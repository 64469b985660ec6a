/** What a hub reads of the manifests: the proof that its SET is in. */
import { Controller, Get, Headers, Param } from '@nestjs/common';
import type { manifestProof } from '#contracts';
import type { z } from 'zod';
import { ManifestProofs } from './manifest-proofs.service.js';

@Controller('v1/manifests')
export class ManifestsController {
  constructor(private readonly proofs: ManifestProofs) {}

  @Get(':epoch/proofs/:jti')
  proofOf(
    @Param('epoch') epoch: string,
    @Param('jti') jti: string,
    @Headers('authorization') authorization?: string,
  ): Promise<z.input<typeof manifestProof>> {
    return this.proofs.proofOf(epoch, jti, authorization);
  }
}
