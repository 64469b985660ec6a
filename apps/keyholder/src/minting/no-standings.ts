/** Stands in for the standings module until that is part of the application: nobody has a standing. */
import { Global, Module } from '@nestjs/common';
import { StandingCheck } from './standing-check.js';

class NoStandings extends StandingCheck {
  async refuses(): Promise<ReadonlyMap<string, undefined>> {
    return new Map();
  }

  async selectorEnd(): Promise<undefined> {
    return undefined;
  }
}

@Global()
@Module({ providers: [{ provide: StandingCheck, useClass: NoStandings }], exports: [StandingCheck] })
export class NoStandingsModule {}
