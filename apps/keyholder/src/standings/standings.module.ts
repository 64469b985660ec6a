/** Standings: who is suspended and from when on, told to mint, renewal and match, and in batches to the registrar. */
import { Global, Module } from '@nestjs/common';
import { StandingCheck } from '../minting/standing-check.js';
import { ActsController } from './acts/acts.controller.js';
import { Acts } from './acts/acts.service.js';
import { Remedies } from './acts/remedies.service.js';
import { Deletions } from './deletions/deletions.service.js';
import { ReleasesController } from './releases/releases.controller.js';
import { Orders } from './orders/orders.service.js';
import { ProposalsController } from './proposals/proposals.controller.js';
import { Proposals } from './proposals/proposals.service.js';
import { Releases } from './releases/releases.service.js';
import { SlotOpener } from './slot-opener.js';
import { UndoController } from './undo/undo.controller.js';
import { Standings } from './standings.service.js';

@Global()
@Module({
  controllers: [ActsController, ProposalsController, ReleasesController, UndoController],
  providers: [
    Acts,
    Deletions,
    Orders,
    Proposals,
    Releases,
    Remedies,
    SlotOpener,
    Standings,
    { provide: StandingCheck, useExisting: Standings },
  ],
  exports: [Deletions, Proposals, Releases, Remedies, SlotOpener, Standings, StandingCheck],
})
export class StandingsModule {}
